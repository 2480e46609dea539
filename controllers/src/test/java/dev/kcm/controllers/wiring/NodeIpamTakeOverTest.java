package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.node.nodeipam.NodeIpamController;
import dev.kcm.core.api.Fence;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ranges of nodes across leaders that are killed, on virtual time. */
class NodeIpamTakeOverTest {

  private static final int SEEDS = 30;
  private static final int NODES = 24;
  private static final ControllerSpec CONTROLLER =
      NodeIpamController.spec(
          new NodeIpamConfig(
              List.of(new ClusterRange("10.0.0.0/19", 24), new ClusterRange("fd00::/59", 64)),
              List.of("10.0.0.0/22")));

  @Test
  @DisplayName("H1 the leader is killed at random points: each node has its ranges, none twice")
  void noRangeIsGivenOutTwice() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (TestCluster cluster = TestCluster.builder().seed(seed).start()) {
        play(cluster, new Random(seed));
        List<Node> nodes = cluster.list(Node.class);
        Set<String> ranges = new HashSet<>();
        for (Node node : nodes) {
          assertThat(node.getSpec().getPodCIDRs()).as("seed %d", seed).hasSize(2);
          ranges.addAll(node.getSpec().getPodCIDRs());
        }
        assertThat(ranges).as("seed %d", seed).hasSize(2 * nodes.size());
      }
    }
  }

  @Test
  @DisplayName(
      "9.3 nothing is given out before all that the server has is known, however warm a cache")
  void aStandbyThatTakesOverAsksTheServerFirst() {
    try (TestCluster cluster = TestCluster.builder().start()) {
      cluster.create(node("early"));
      AtomicBoolean dead = new AtomicBoolean();
      Manager standby = manager(cluster, dead);
      standby.standBy();
      cluster.advance(Duration.ofSeconds(5));
      cluster.faults().on(Verb.LIST, "nodes").everyCall().status(503, "ServiceUnavailable");
      standby.start();
      cluster.advance(Duration.ofSeconds(20));
      assertThat(cluster.requests().of(Verb.PATCH, "nodes")).isEmpty();
      cluster.faults().clear();
      cluster.advance(Duration.ofSeconds(5));
      assertThat(cluster.get(Node.class, "", "early").getSpec().getPodCIDRs()).hasSize(2);
      dead.set(true);
      cluster.await(standby.stop(Duration.ofMillis(1)));
    }
  }

  /** There are 28 ranges beside those of services, and never more nodes than that. */
  private static void play(TestCluster cluster, Random random) {
    cluster
        .faults()
        .on(Verb.PATCH, "nodes")
        .call(1 + random.nextInt(NODES))
        .status(500, "InternalError");
    AtomicBoolean dead = new AtomicBoolean();
    Manager leader = lead(cluster, dead);
    for (int i = 0; i < NODES; i++) {
      cluster.create(node("node-" + i));
      if (i > 4 && random.nextInt(4) == 0) {
        cluster.find(Node.class, "", "node-" + random.nextInt(i)).ifPresent(cluster::delete);
      }
      cluster.advance(Duration.ofMillis(random.nextInt(20)));
      if (random.nextInt(6) == 0) {
        dead.set(true);
        cluster.await(leader.stop(Duration.ofMillis(1)));
        cluster.advance(Duration.ofMillis(random.nextInt(3000)));
        dead = new AtomicBoolean();
        leader = lead(cluster, dead);
      }
    }
    cluster.advance(Duration.ofMinutes(1));
    dead.set(true);
    cluster.await(leader.stop(Duration.ofMillis(1)));
  }

  private static Manager lead(TestCluster cluster, AtomicBoolean dead) {
    Manager manager = manager(cluster, dead);
    manager.start();
    return manager;
  }

  private static Manager manager(TestCluster cluster, AtomicBoolean dead) {
    Fence fence = () -> dead.get() ? Optional.of("killed") : Optional.empty();
    return cluster
        .manager(CONTROLLER)
        .clients(identity -> cluster.client(identity, fence))
        .fence(fence)
        .create(cluster.environment());
  }

  private static Node node(String name) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }
}
