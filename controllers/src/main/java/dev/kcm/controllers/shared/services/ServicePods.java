package dev.kcm.controllers.shared.services;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
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

  private static final String LABELS = "podLabels";

  private final Lister<Pod> pods;

  private ServicePods(Lister<Pod> pods) {
    this.pods = pods;
  }

  /** Over an informer; the index it needs is made. */
  public static ServicePods in(Informer<Pod> pods) {
    pods.ensureIndex(LABELS, ServicePods::valuesOf);
    return new ServicePods(pods.lister());
  }

  /** The pods, in any state and order; none when the Service has no selector. */
  public List<Pod> of(Service service) {
    String namespace = ObjectKey.of(service).namespace();
    List<Pod> fewest = List.of();
    boolean first = true;
    for (Map.Entry<String, String> label : Selectors.of(service).entrySet()) {
      List<Pod> candidates = pods.byIndex(LABELS, Selectors.indexValue(namespace, label));
      if (first || candidates.size() < fewest.size()) {
        fewest = candidates;
        first = false;
      }
    }
    return fewest.stream().filter(pod -> Selectors.selects(service, pod)).toList();
  }

  private static List<String> valuesOf(Pod pod) {
    String namespace = ObjectKey.of(pod).namespace();
    return Selectors.labels(pod).entrySet().stream()
        .map(label -> Selectors.indexValue(namespace, label))
        .toList();
  }
}
