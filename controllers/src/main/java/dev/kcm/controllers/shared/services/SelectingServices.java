package dev.kcm.controllers.shared.services;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Services that select a pod. A Service is filed under the first label of its selector, so that
 * a pod finds it by one of its own labels.
 *
 * <p>Thread-safe: the lister is.
 */
public final class SelectingServices {

  private static final String SELECTOR = "serviceSelector";

  private final Lister<Service> services;

  private SelectingServices(Lister<Service> services) {
    this.services = services;
  }

  /** Over an informer; the index it needs is made. */
  public static SelectingServices in(Informer<Service> services) {
    services.ensureIndex(SELECTOR, SelectingServices::valuesOf);
    return new SelectingServices(services.lister());
  }

  /** Keys of the Services that select a pod. */
  public Set<ObjectKey> of(Pod pod) {
    String namespace = ObjectKey.of(pod).namespace();
    Set<ObjectKey> keys = new HashSet<>();
    for (Map.Entry<String, String> label : Selectors.labels(pod).entrySet()) {
      for (Service service : services.byIndex(SELECTOR, Selectors.indexValue(namespace, label))) {
        if (Selectors.selects(service, pod)) {
          keys.add(ObjectKey.of(service));
        }
      }
    }
    return keys;
  }

  private static List<String> valuesOf(Service service) {
    String namespace = ObjectKey.of(service).namespace();
    return Selectors.of(service).entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(label -> Selectors.indexValue(namespace, label))
        .stream()
        .toList();
  }
}
