package dev.kcm.controllers.apps.replicaset;

import static dev.kcm.controllers.apps.replicaset.ReplicaSetKind.KIND;

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
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;

class ReplicaSetLawsTest extends ReconcilerLaws<ReplicasSnapshot> {

  private final ReplicaWorlds<ReplicaSet> worlds =
      new ReplicaWorlds<>(KIND, ReplicaSetLawsTest::make, start());

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
    Informer<ReplicaSet> sets = caches.informer(KIND.type());
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    ReplicasConfig config = ReplicasConfig.defaults().withTerminatingReplicas(true);
    return ModelLoop.<ReplicasSnapshot>over(caches)
        .on(sets, OwnerMapper.INSTANCE)
        .on(pods, PodMapper.to(KIND, sets.lister()))
        .reading(ReplicasReader.of(KIND, config, sets, pods, SiblingPods.in(sets, pods)))
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

  /** Half of them under one deployment, so that siblings play a part. */
  private static ReplicaSet make(String name, ReplicaWorlds.Wish wish) {
    boolean rolledOut = name.endsWith("1") || name.endsWith("2");
    return TestReplicaSet.named(name, wish.replicas())
        .editMetadata()
        .withOwnerReferences(rolledOut ? List.of(TestReplicaSet.deployment()) : List.of())
        .endMetadata()
        .editSpec()
        .withMinReadySeconds((int) wish.minReady().toSeconds())
        .withNewSelector()
        .withMatchLabels(wish.labels())
        .endSelector()
        .editTemplate()
        .editMetadata()
        .withLabels(wish.labels())
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }
}
