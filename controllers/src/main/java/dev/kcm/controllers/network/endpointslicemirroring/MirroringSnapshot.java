package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision.
 *
 * @param key of the Endpoints and the Service
 * @param found what is to be mirrored; null when there is nothing, or nothing that may be
 * @param slices those this controller wrote; by name
 * @param settled whether everything earlier runs created and deleted has been seen to arrive
 * @param maxEndpoints most addresses mirrored from one subset
 */
record MirroringSnapshot(
    ObjectKey key,
    @Nullable Endpoints found,
    List<EndpointSlice> slices,
    boolean settled,
    int maxEndpoints) {

  MirroringSnapshot {
    slices =
        slices.stream()
            .sorted(Comparator.comparing((EndpointSlice s) -> s.getMetadata().getName()))
            .toList();
  }

  Optional<Endpoints> endpoints() {
    return Optional.ofNullable(found);
  }
}
