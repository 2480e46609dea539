package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerController;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleController;
import dev.kcm.controllers.node.tainteviction.TaintEvictionController;
import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.api.Fence;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node that falls silent and comes back, on virtual time, with simulated kubelets. */
class NodeFailureTest {

  private static final int NODES = 4;
  private static final int PODS = 8;
  private static final int SEEDS = 15;
  private static final String LOST = "node-1";

  private static final ControllerSpec[] CONTROLLERS = {
    NodeLifecycleController.spec(NodeLifecycleConfig.defaults()),
    TaintEvictionController.spec(),
    ReplicationControllerController.spec(ReplicationControllerConfig.defaults()),
  };

  @Test
  @DisplayName("Node failure to eviction and back, with the times of the defaults")
  void podsLeaveALostNodeAndTheNodeComesBack() {
    try (TestCluster cluster = TestCluster.builder().nodes(NODES).start()) {
      cluster.start(CONTROLLERS);
      cluster.advance(Duration.ofSeconds(30));
      cluster.create(replicas(300L));
      cluster.advance(Duration.ofSeconds(30));
      assertThat(state(cluster)).isEqualTo(allWell());

      cluster.stopNode(LOST);
      cluster.advance(Duration.ofSeconds(35));
      assertThat(ready(cluster)).isEqualTo("True");
      cluster.advance(Duration.ofSeconds(30));
      assertThat(ready(cluster)).isEqualTo("Unknown");
      assertThat(taints(node(cluster)))
          .containsExactlyInAnyOrder(
              "node.kubernetes.io/unreachable:NoSchedule",
              "node.kubernetes.io/unreachable:NoExecute");
      assertThat(podsOf(cluster, LOST)).isNotEmpty().noneMatch(PodStates::isReady);
      assertThat(podsOf(cluster, LOST)).allMatch(PodStates::isActive);

      cluster.advance(Duration.ofMinutes(5));
      assertThat(podsOf(cluster, LOST)).isNotEmpty().noneMatch(PodStates::isActive);
      assertThat(wellPods(cluster)).isEqualTo(PODS);

      cluster.startNode(LOST);
      cluster.advance(Duration.ofSeconds(30));
      assertThat(state(cluster)).isEqualTo(allWell());
      assertThat(podsOf(cluster, LOST)).isEmpty();
    }
  }

  @Test
  @DisplayName("A settled cluster is written to by nobody, however many heartbeats there are")
  void heartbeatsLeadToNoRequests() {
    try (TestCluster cluster = TestCluster.builder().nodes(NODES).start()) {
      cluster.start(CONTROLLERS);
      cluster.advance(Duration.ofMinutes(2));
      cluster.requests().clear();
      cluster.advance(Duration.ofMinutes(20));
      assertThat(cluster.requests().writes()).isEmpty();
    }
  }

  @Test
  @DisplayName("H2 the leader is killed at random points: the final state is the same")
  void whoeverTakesOverComesToTheSameEnd() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(endOf(seed)).as("seed %d", seed).isEqualTo(lostState());
    }
  }

  private static Map<String, String> endOf(long seed) {
    Random random = new Random(seed);
    try (TestCluster cluster = TestCluster.builder().seed(seed).nodes(NODES).start()) {
      Term term = new Term(cluster);
      cluster.advance(Duration.ofSeconds(30));
      cluster.create(replicas(10L));
      cluster.advance(Duration.ofSeconds(5));
      cluster.stopNode(LOST);
      for (int kill = 0; kill < 3; kill++) {
        cluster.advance(Duration.ofMillis(random.nextInt(30_000)));
        term.kill();
        cluster.advance(Duration.ofMillis(random.nextInt(5_000)));
        term = new Term(cluster);
      }
      cluster.advance(Duration.ofSeconds(75));
      Map<String, String> state = state(cluster);
      term.kill();
      return state;
    }
  }

  /** The same controllers, in more of a hurry. */
  private static ControllerSpec[] hasty() {
    NodeLifecycleConfig defaults = NodeLifecycleConfig.defaults();
    ControllerSpec[] specs = CONTROLLERS.clone();
    specs[0] =
        NodeLifecycleController.spec(
            new NodeLifecycleConfig(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                defaults.evictionRate(),
                defaults.secondaryEvictionRate(),
                defaults.largeClusterSizeThreshold(),
                defaults.unhealthyZoneThreshold()));
    return specs;
  }

  /** A process that leads until it is killed: from then on nothing it does gets through. */
  private static final class Term {

    private final TestCluster cluster;
    private final AtomicBoolean dead = new AtomicBoolean();
    private final Manager manager;

    Term(TestCluster cluster) {
      this.cluster = cluster;
      Fence fence = () -> dead.get() ? Optional.of("killed") : Optional.empty();
      manager =
          cluster
              .manager(hasty())
              .clients(identity -> cluster.client(identity, fence))
              .fence(fence)
              .create(cluster.environment());
      manager.start();
    }

    void kill() {
      dead.set(true);
      cluster.await(manager.stop(Duration.ofMillis(1)));
    }
  }

  private static Map<String, String> lostState() {
    Map<String, String> state = new TreeMap<>();
    for (int i = 0; i < NODES; i++) {
      state.put("node-" + i, "True []");
    }
    state.put(
        LOST,
        "Unknown [node.kubernetes.io/unreachable:NoExecute,"
            + " node.kubernetes.io/unreachable:NoSchedule]");
    state.put("ready pods", Integer.toString(PODS));
    state.put("active pods of lost nodes", "0");
    return state;
  }

  private static Map<String, String> allWell() {
    Map<String, String> state = lostState();
    state.put(LOST, "True []");
    return state;
  }

  private static Map<String, String> state(TestCluster cluster) {
    Map<String, String> state = new TreeMap<>();
    long stranded = 0;
    for (Node node : cluster.list(Node.class)) {
      String name = node.getMetadata().getName();
      String ready = NodeConditions.status(node, NodeConditions.READY);
      state.put(name, ready + " " + taints(node));
      if (!ready.equals("True")) {
        stranded += podsOf(cluster, name).stream().filter(PodStates::isActive).count();
      }
    }
    state.put("ready pods", Long.toString(wellPods(cluster)));
    state.put("active pods of lost nodes", Long.toString(stranded));
    return state;
  }

  private static long wellPods(TestCluster cluster) {
    return cluster.list(Pod.class).stream()
        .filter(pod -> PodStates.isActive(pod) && PodStates.isReady(pod))
        .count();
  }

  private static List<Pod> podsOf(TestCluster cluster, String node) {
    return cluster.list(Pod.class).stream()
        .filter(pod -> PodStates.nodeName(pod).equals(node))
        .toList();
  }

  private static String ready(TestCluster cluster) {
    return NodeConditions.status(node(cluster), NodeConditions.READY);
  }

  private static Node node(TestCluster cluster) {
    return cluster.get(Node.class, "", LOST);
  }

  private static List<String> taints(Node node) {
    return Optional.ofNullable(node.getSpec().getTaints()).orElse(List.<Taint>of()).stream()
        .map(taint -> taint.getKey() + ":" + taint.getEffect())
        .sorted()
        .toList();
  }

  private static ReplicationController replicas(Long stay) {
    return new ReplicationControllerBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withReplicas(PODS)
        .withSelector(Map.of("app", "web"))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", "web"))
        .endMetadata()
        .withNewSpec()
        .addNewToleration("NoExecute", "node.kubernetes.io/unreachable", "Exists", stay, null)
        .addNewContainer()
        .withName("c")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
