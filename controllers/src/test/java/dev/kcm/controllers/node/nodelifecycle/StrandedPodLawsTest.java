package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

class StrandedPodLawsTest extends ReconcilerLaws<StrandedPodSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return PodStates.TYPE;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      world.add(NodeLawsTest.node("node-1", random));
      for (int i = Gen.ints(0, 4).next(random); i > 0; i--) {
        TestPod pod = TestPod.named("pod-" + i).node("node-" + random.nextInt(3));
        world.add(random.nextBoolean() ? pod.readySince(start()).build() : pod.build());
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<StrandedPodSnapshot> wire(ModelCaches caches) {
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    return ModelLoop.<StrandedPodSnapshot>over(caches)
        .on(pods, new StrandedPodMapper())
        .reading(new StrandedPodReader(pods.lister(), nodes.lister()))
        .deciding(new StrandedPodReconciler());
  }

  /** No pod is deleted. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    if (start.stream().filter(Pod.class::isInstance).count() != cluster.list(Pod.class).size()) {
      throw new AssertionError("a pod was deleted");
    }
  }
}
