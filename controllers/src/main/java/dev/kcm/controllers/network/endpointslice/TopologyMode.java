package dev.kcm.controllers.network.endpointslice;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;

/**
 * Whether a Service wants its endpoints shared out by the capacity of zones.
 *
 * <p>Immutable.
 */
final class TopologyMode {

  /** The older annotation; it counts where both are given. */
  static final String HINTS = "service.kubernetes.io/topology-aware-hints";

  static final String MODE = "service.kubernetes.io/topology-mode";

  private TopologyMode() {}

  static boolean isAuto(Service service) {
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    if (annotations == null) {
      return false;
    }
    String value = annotations.getOrDefault(HINTS, annotations.get(MODE));
    return "Auto".equals(value) || "auto".equals(value);
  }
}
