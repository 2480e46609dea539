package dev.kcm.controllers.network.endpoints;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision.
 *
 * @param key of the Service and of its Endpoints
 * @param found the Service; null when there is none
 * @param written its Endpoints; null when there are none
 * @param pods those the Service selects, in any state and order
 */
record EndpointsSnapshot(
    ObjectKey key, @Nullable Service found, @Nullable Endpoints written, List<Pod> pods) {

  EndpointsSnapshot {
    pods = List.copyOf(pods);
  }

  Optional<Service> service() {
    return Optional.ofNullable(found);
  }

  Optional<Endpoints> endpoints() {
    return Optional.ofNullable(written);
  }
}
