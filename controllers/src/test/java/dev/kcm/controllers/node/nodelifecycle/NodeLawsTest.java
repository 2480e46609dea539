package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
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
import java.util.random.RandomGenerator;

class NodeLawsTest extends ReconcilerLaws<NodeSnapshot> {

  private static final Gen<String> STATUS = Gen.pick(List.of("True", "False", "Unknown", ""));
  private static final Gen<String> KEY =
      Gen.pick(List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "user"));
  private static final Gen<String> EFFECT = Gen.pick(List.of("NoExecute", "NoSchedule"));

  @Override
  protected ResourceType<?> primary() {
    return Kinds.NODES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 4).next(random); i > 0; i--) {
        world.add(node("node-" + i, random));
      }
      for (int i = Gen.ints(0, 4).next(random); i > 0; i--) {
        TestPod pod = TestPod.named("pod-" + i).node("node-" + random.nextInt(3));
        world.add(random.nextBoolean() ? pod.readySince(start()).build() : pod.build());
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<NodeSnapshot> wire(ModelCaches caches) {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    PodsOfNode.ensure(pods);
    Heartbeats heartbeats = new Heartbeats(Uptime.of(caches.cluster().environment().ticker()));
    return ModelLoop.<NodeSnapshot>over(caches)
        .on(nodes, new NodeMapper(heartbeats))
        .reading(
            new NodeReader(
                nodes.lister(), pods.lister(), heartbeats, NodeLifecycleConfig.defaults()))
        .deciding(new NodeReconciler(), NodeMemory.NONE);
  }

  /** Nothing is deleted, and the taints of users stay. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      if (object instanceof Node node && hasOwn(node)) {
        boolean kept =
            cluster.list(Node.class).stream().anyMatch(n -> sameName(n, node) && hasOwn(n));
        if (!kept && cluster.list(Node.class).stream().anyMatch(n -> sameName(n, node))) {
          throw new AssertionError(
              "a taint of a user is gone from " + node.getMetadata().getName());
        }
      }
    }
  }

  private static boolean sameName(Node one, Node other) {
    return one.getMetadata().getName().equals(other.getMetadata().getName());
  }

  private static boolean hasOwn(Node node) {
    return node.getSpec().getTaints().stream().anyMatch(taint -> "user".equals(taint.getKey()));
  }

  static Node node(String name, RandomGenerator random) {
    TestNode node =
        TestNode.named(name)
            .created(start().minusSeconds(random.nextInt(100)))
            .label("kubernetes.io/os", "linux")
            .label("topology.kubernetes.io/zone", "z" + random.nextInt(2));
    String ready = STATUS.next(random);
    if (!ready.isEmpty()) {
      node.condition(NodeConditions.READY, ready, "2026-01-01T00:00:00Z");
    }
    if (random.nextInt(4) == 0) {
      node.condition("DiskPressure", "True", "2026-01-01T00:00:00Z");
    }
    if (random.nextInt(3) == 0) {
      node.taint(KEY.next(random), EFFECT.next(random));
    }
    return random.nextInt(4) == 0 ? node.unschedulable().build() : node.build();
  }
}
