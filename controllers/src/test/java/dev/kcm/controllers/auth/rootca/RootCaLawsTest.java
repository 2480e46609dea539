package dev.kcm.controllers.auth.rootca;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class RootCaLawsTest extends ReconcilerLaws<RootCaSnapshot> {

  private static final Gen<String> PHASE = Gen.pick(List.of("Active", "Active", "Terminating"));

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NAMESPACES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        world.add(RootCaReconcilerTest.namespace("ns-" + i, PHASE.next(random)));
        if (random.nextBoolean()) {
          world.add(map("ns-" + i, "kube-root-ca.crt", random));
        }
        world.add(map("ns-" + i, "other", random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<RootCaSnapshot> wire(ModelCaches caches) {
    return RootCaReconcilerTest.wire(caches);
  }

  /** Other ConfigMaps, and labels, stay as they are. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (ConfigMap map : cluster.list(ConfigMap.class)) {
      boolean published = map.getMetadata().getName().equals("kube-root-ca.crt");
      if (!published && map.getData().containsKey("ca.crt") != map.getData().containsKey("own")) {
        throw new AssertionError("another ConfigMap was changed: " + map);
      }
    }
  }

  private static ConfigMap map(String namespace, String name, RandomGenerator random) {
    ConfigMapBuilder map =
        RootCaReconcilerTest.map()
            .editMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata();
    switch (random.nextInt(4)) {
      case 0 -> map = map.withData(Map.of());
      case 1 -> map = map.editMetadata().withAnnotations(Map.of()).endMetadata();
      default -> {}
    }
    if (name.equals("other")) {
      map = map.withData(random.nextBoolean() ? Map.of("own", "x", "ca.crt", "y") : Map.of());
    }
    return map.build();
  }
}
