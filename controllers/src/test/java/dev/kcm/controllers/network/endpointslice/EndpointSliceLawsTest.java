package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.ServiceWorlds;
import dev.kcm.controllers.shared.slices.SlicePorts;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class EndpointSliceLawsTest extends ReconcilerLaws<EndpointSliceSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.SERVICES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return ServiceWorlds.worlds(start());
  }

  @Override
  protected ModelLoop<EndpointSliceSnapshot> wire(ModelCaches caches) {
    return SliceWorld.wire(caches, 100);
  }

  @Override
  protected void progress(ModelCluster cluster) {
    ServiceWorlds.progress(cluster);
  }

  /** No pod is behind the same ports of a Service twice. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    Set<List<Object>> seen = new HashSet<>();
    for (EndpointSlice slice : cluster.list(EndpointSlice.class)) {
      boolean going = slice.getMetadata().getDeletionTimestamp() != null;
      String service = slice.getMetadata().getLabels().get("kubernetes.io/service-name");
      for (var endpoint : slice.getEndpoints()) {
        List<Object> place =
            List.of(
                service,
                slice.getAddressType(),
                SlicePorts.of(slice),
                endpoint.getTargetRef().getName());
        if (!going && !seen.add(place)) {
          throw new AssertionError("listed twice: " + place);
        }
      }
    }
  }
}
