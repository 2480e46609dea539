package dev.kcm.controllers.auth.bootstrapsigner;

import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class BootstrapSignerLawsTest extends ReconcilerLaws<BootstrapSignerSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.CONFIG_MAPS;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return List.of(BootstrapSignerController.CLUSTER_INFO);
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      if (random.nextInt(6) > 0) {
        world.add(clusterInfo(random));
      }
      for (int i = Gen.ints(0, 4).next(random); i > 0; i--) {
        world.add(token("abc12" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<BootstrapSignerSnapshot> wire(ModelCaches caches) {
    Informer<ConfigMap> maps = caches.informer(Kinds.CONFIG_MAPS);
    Informer<Secret> secrets = caches.informer(Kinds.SECRETS);
    return ModelLoop.<BootstrapSignerSnapshot>over(caches)
        .on(maps, Enqueue.to(BootstrapSignerController::keysOf))
        .on(secrets, Enqueue.to(BootstrapSignerController::keysOf))
        .reading(BootstrapSignerReader.of(maps, secrets))
        .deciding(new BootstrapSignerReconciler());
  }

  /** What is not a signature stays as it is. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (ConfigMap map : cluster.list(ConfigMap.class)) {
      if (!"payload".equals(map.getData().getOrDefault("kubeconfig", "payload"))
          || !"y".equals(map.getData().get("x"))) {
        throw new AssertionError("other data was changed: " + map.getData());
      }
    }
  }

  private static ConfigMap clusterInfo(RandomGenerator random) {
    ConfigMapBuilder map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("kube-public")
            .withName("cluster-info")
            .endMetadata()
            .withData(Map.of("x", "y"));
    if (random.nextInt(4) > 0) {
      map = map.addToData("kubeconfig", "payload");
    }
    if (random.nextBoolean()) {
      map = map.addToData("jws-kubeconfig-abc121", "stale");
    }
    return map.build();
  }

  private static Secret token(String id, RandomGenerator random) {
    TestToken token = TestToken.of(id);
    switch (random.nextInt(5)) {
      case 0 -> token.type("Opaque");
      case 1 -> token.without("token-secret");
      case 2 -> token.expiring(start().plusSeconds(random.nextInt(20) - 10));
      default -> {}
    }
    return token.build();
  }
}
