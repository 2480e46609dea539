package dev.kcm.controllers.network.endpointslicemirroring;

import io.fabric8.kubernetes.api.model.Endpoints;
import java.util.Map;

/**
 * Which Endpoints are mirrored: all but those that say no, and locks of leader elections.
 *
 * <p>Immutable.
 */
final class Mirrorable {

  static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
  static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

  private Mirrorable() {}

  static boolean is(Endpoints endpoints) {
    Map<String, String> labels = endpoints.getMetadata().getLabels();
    Map<String, String> annotations = endpoints.getMetadata().getAnnotations();
    boolean skipped = labels != null && "true".equals(labels.get(SKIP));
    boolean lock = annotations != null && annotations.containsKey(LEADER);
    return !skipped && !lock;
  }
}
