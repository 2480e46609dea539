package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.nodes.TestNode;
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
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class TaintEvictionLawsTest extends ReconcilerLaws<TaintEvictionSnapshot> {

  private static final Gen<String> NODE = Gen.pick(List.of("node-1", "node-2", "node-3", ""));
  private static final Gen<String> KEY = Gen.pick(List.of("x", "y"));
  private static final Gen<String> EFFECT = Gen.pick(List.of("NoExecute", "NoSchedule"));

  @Override
  protected ResourceType<?> primary() {
    return PodStates.TYPE;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      world.add(node("node-1", random));
      world.add(node("node-2", random));
      for (int i = Gen.ints(0, 6).next(random); i > 0; i--) {
        world.add(pod("pod-" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<TaintEvictionSnapshot> wire(ModelCaches caches) {
    return TaintEvictionReconcilerTest.wire(caches);
  }

  /** Pods of nodes without such a taint are never deleted. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      if (object instanceof Pod pod
          && pod.getMetadata().getDeletionTimestamp() == null
          && isSafe(pod, cluster)
          && cluster
              .get(Pod.class, ObjectKey.of(pod))
              .filter(now -> now.getMetadata().getDeletionTimestamp() == null)
              .isEmpty()) {
        throw new AssertionError("a pod was deleted for nothing: " + pod.getMetadata().getName());
      }
    }
  }

  private static boolean isSafe(Pod pod, ModelCluster cluster) {
    return cluster
        .get(Node.class, new ObjectKey("", PodStates.nodeName(pod)))
        .filter(TaintEvictionLawsTest::sendsAway)
        .isEmpty();
  }

  private static boolean sendsAway(Node node) {
    return node.getSpec().getTaints().stream().anyMatch(t -> "NoExecute".equals(t.getEffect()));
  }

  private static Node node(String name, RandomGenerator random) {
    TestNode node = TestNode.named(name).ready("True");
    for (int i = Gen.ints(0, 2).next(random); i > 0; i--) {
      node.taint(KEY.next(random), EFFECT.next(random));
    }
    return node.build();
  }

  private static Pod pod(String name, RandomGenerator random) {
    TestPod pod = TestPod.named(name).node(NODE.next(random));
    for (int i = Gen.ints(0, 2).next(random); i > 0; i--) {
      Long seconds = random.nextBoolean() ? null : (long) random.nextInt(20);
      pod.tolerates(KEY.next(random), EFFECT.next(random), seconds);
    }
    if (random.nextInt(6) == 0) {
      pod.deletedAt(start());
    }
    return pod.build();
  }
}
