package dev.kcm.controllers.apps.replicationcontroller;

import static dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerKind.KIND;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.replicas.OwnerMapper;
import dev.kcm.controllers.shared.replicas.PodMapper;
import dev.kcm.controllers.shared.replicas.ReplicaWorlds;
import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasReader;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import java.util.List;

class ReplicationControllerLawsTest extends ReconcilerLaws<ReplicasSnapshot> {

  private final ReplicaWorlds<ReplicationController> worlds =
      new ReplicaWorlds<>(KIND, ReplicationControllerLawsTest::make, start());

  @Override
  protected ResourceType<?> primary() {
    return KIND.type();
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return worlds.worlds();
  }

  @Override
  protected ModelLoop<ReplicasSnapshot> wire(ModelCaches caches) {
    Informer<ReplicationController> controllers = caches.informer(KIND.type());
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    ReplicasConfig config = ReplicasConfig.defaults();
    return ModelLoop.<ReplicasSnapshot>over(caches)
        .on(controllers, OwnerMapper.INSTANCE)
        .on(pods, PodMapper.to(KIND, controllers.lister()))
        .reading(ReplicasReader.of(KIND, config, controllers, pods, none -> List.of()))
        .deciding(new ReplicasReconciler(KIND));
  }

  @Override
  protected void progress(ModelCluster cluster) {
    worlds.progress(cluster);
  }

  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    worlds.checkBounds(start, cluster);
  }

  private static ReplicationController make(String name, ReplicaWorlds.Wish wish) {
    return new ReplicationControllerBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .withGeneration(1L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(wish.replicas())
        .withMinReadySeconds((int) wish.minReady().toSeconds())
        .withSelector(wish.labels())
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(wish.labels())
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
