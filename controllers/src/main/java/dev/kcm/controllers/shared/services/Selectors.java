package dev.kcm.controllers.shared.services;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;

/**
 * Selectors of Services. A Service whose selector is missing or empty selects nothing: the API
 * server does not tell the two apart.
 *
 * <p>Immutable.
 */
public final class Selectors {

  private Selectors() {}

  /** The selector; empty when the Service has none. */
  public static Map<String, String> of(Service service) {
    Map<String, String> selector =
        service.getSpec() == null ? null : service.getSpec().getSelector();
    return selector == null ? Map.of() : selector;
  }

  /** Whether a Service selects a pod; both are known to be in one namespace. */
  static boolean selects(Service service, Pod pod) {
    Map<String, String> selector = of(service);
    return !selector.isEmpty() && labels(pod).entrySet().containsAll(selector.entrySet());
  }

  static Map<String, String> labels(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /** What indexes file objects under. */
  static String indexValue(String namespace, Map.Entry<String, String> label) {
    return namespace + "/" + label.getKey() + "=" + label.getValue();
  }
}
