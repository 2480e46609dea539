package dev.kcm.controllers.node.podgc;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class PodGcLawsTest extends ReconcilerLaws<PodGcSnapshot> {

  private static final int THRESHOLD = 2;
  private static final Gen<String> PHASE =
      Gen.pick(List.of("Running", "Pending", "Succeeded", "Failed"));

  @Override
  protected ResourceType<?> primary() {
    return PodStates.TYPE;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return List.of(PodGcController.PASS);
  }

  @Override
  protected boolean sweeps() {
    return true;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      world.add(PodGcReconcilerTest.node("node-1"));
      for (int i = Gen.ints(0, 8).next(random); i > 0; i--) {
        world.add(pod("pod-" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<PodGcSnapshot> wire(ModelCaches caches) {
    return PodGcReconcilerTest.wire(caches, THRESHOLD);
  }

  /** Pods that run on a node that is there are never deleted. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      boolean safe =
          object instanceof Pod pod
              && PodStates.isActive(pod)
              && PodStates.nodeName(pod).equals("node-1");
      if (safe
          && cluster.get(Pod.class, ObjectKey.of(object)).filter(PodStates::isActive).isEmpty()) {
        throw new AssertionError("a running pod was deleted: " + object.getMetadata().getName());
      }
    }
  }

  private static Pod pod(String name, RandomGenerator random) {
    TestPod pod =
        TestPod.named(name)
            .phase(PHASE.next(random))
            .created(start().minusSeconds(random.nextInt(1000)))
            .node(Gen.pick(List.of("node-1", "node-1", "node-2", "")).next(random));
    if (random.nextInt(3) == 0) {
      pod.deletedAt(start());
    }
    return pod.build();
  }
}
