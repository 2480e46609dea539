package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.controllers.shared.slices.SlicePorts;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

class MirroringLawsTest extends ReconcilerLaws<MirroringSnapshot> {

  private static final Gen<String> IP =
      Gen.pick(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2"));

  @Override
  protected ResourceType<?> primary() {
    return Kinds.ENDPOINTS;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        String name = "service-" + i;
        world.add(endpoints(name, random));
        if (random.nextInt(4) > 0) {
          Map<String, String> selector = random.nextInt(4) == 0 ? Map.of("app", "x") : Map.of();
          world.add(TestService.named(name).selecting(selector).build());
        }
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<MirroringSnapshot> wire(ModelCaches caches) {
    return MirroringReconcilerTest.wire(caches, 1000);
  }

  /** There is never more than one slice for a family and a set of ports. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    Set<List<Object>> seen = new HashSet<>();
    for (EndpointSlice slice : cluster.list(EndpointSlice.class)) {
      boolean going = slice.getMetadata().getDeletionTimestamp() != null;
      List<Object> place =
          List.of(
              slice.getMetadata().getLabels().get("kubernetes.io/service-name"),
              slice.getAddressType(),
              SlicePorts.of(slice));
      if (!going && !seen.add(place)) {
        throw new AssertionError("two slices for " + place);
      }
    }
  }

  private static Endpoints endpoints(String name, RandomGenerator random) {
    List<EndpointSubset> subsets = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      subsets.add(
          MirroringReconcilerTest.subset(
              80 + random.nextInt(2), IP.list(0, 3).next(random).toArray(String[]::new)));
    }
    EndpointsBuilder endpoints =
        new EndpointsBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName(name)
            .endMetadata()
            .withSubsets(subsets);
    if (random.nextInt(6) == 0) {
      endpoints = endpoints.editMetadata().addToLabels(Mirrorable.SKIP, "true").endMetadata();
    }
    return endpoints.build();
  }
}
