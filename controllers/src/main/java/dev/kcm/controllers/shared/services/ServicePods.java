package dev.kcm.controllers.shared.services;

import dev.kcm.controllers.shared.pods.LabelledPods;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;

/**
 * The pods a Service selects, by an index of pods by their labels.
 *
 * <p>Thread-safe: the lister is.
 */
public final class ServicePods {

  private final LabelledPods pods;

  private ServicePods(LabelledPods pods) {
    this.pods = pods;
  }

  /** Over an informer; the index it needs is made. */
  public static ServicePods in(Informer<Pod> pods) {
    return new ServicePods(LabelledPods.in(pods));
  }

  /** The pods, in any state and order; none when the Service has no selector. */
  public List<Pod> of(Service service) {
    Map<String, String> selector = Selectors.of(service);
    if (selector.isEmpty()) {
      return List.of();
    }
    return pods.candidates(ObjectKey.of(service).namespace(), selector).stream()
        .filter(pod -> Selectors.selects(service, pod))
        .toList();
  }
}
