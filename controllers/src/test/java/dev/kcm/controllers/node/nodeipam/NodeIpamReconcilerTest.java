package dev.kcm.controllers.node.nodeipam;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.nodes.RecordedNodeLoss;
import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeIpamReconcilerTest {

  private static final ObjectKey N = new ObjectKey("", "n");
  private static final ApiError DOWN = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "down");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);

  @ParameterizedTest
  @CsvSource({
    "127.123.234.0/24, 30, '', '', 127.123.234.0/30",
    "127.123.234.0/24, 30, 127.123.234.0/26, '', 127.123.234.64/30",
    "127.123.234.0/24, 30, 127.123.234.0/26, 127.123.234.64/30 127.123.234.68/30"
        + " 127.123.234.72/30 127.123.234.80/30, 127.123.234.76/30",
    "10.10.0.0/22, 24, '', 10.10.0.0/24 10.10.2.0/24, 10.10.1.0/24",
    "10.0.0.0/16, 24, 10.0.0.0/17, '', 10.0.128.0/24",
    "fd00:1::/48, 64, '', fd00:1::/64, fd00:1:0:1::/64",
  })
  @DisplayName("First free block; blocks of services and of nodes there are stay clear")
  void givesTheFirstFreeBlock(
      String range, int mask, String services, String taken, String expected) {
    ModelLoop<NodeIpamSnapshot> loop =
        wire(caches, config(List.of(new ClusterRange(range, mask)), services));
    int i = 0;
    for (String cidr : taken.split(" ", -1)) {
      if (!cidr.isEmpty()) {
        cluster.put(TestNode.named("other-" + i++).podCidrs(cidr).build());
      }
    }
    cluster.put(TestNode.named("n").build());
    assertThat(run(loop))
        .patches(
            Node.class,
            "{\"spec\":{\"podCIDR\":\"%s\",\"podCIDRs\":[\"%s\"]}}".formatted(expected, expected));
    assertThat(cidrsOf("n")).containsExactly(expected);
  }

  @Test
  @DisplayName("Dual stack: a node gets one of each, in the order of the cluster CIDRs")
  void givesOneOfEachFamily() {
    ModelLoop<NodeIpamSnapshot> loop =
        wire(
            caches,
            config(
                List.of(new ClusterRange("fd00::/48", 64), new ClusterRange("10.0.0.0/16", 24)),
                "10.0.0.0/24"));
    cluster.put(TestNode.named("n").build());
    run(loop);
    assertThat(cidrsOf("n")).containsExactly("fd00::/64", "10.0.1.0/24");
    assertThat(node("n").getSpec().getPodCIDR()).isEqualTo("fd00::/64");
  }

  @Test
  @DisplayName("All taken: event CIDRNotAvailable, no node update, tried again")
  void tellsThatThereAreNoneLeft() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    assertThat(run(loop))
        .patches(0, Node.class)
        .emits(Action.Severity.NORMAL, "CIDRNotAvailable", "Node n status is now: CIDRNotAvailable")
        .retriesBecause(
            "CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted"
                + " range");
  }

  @Test
  @DisplayName("Node deleted: its CIDR is given again, and who waits for one is woken")
  void aDeletedNodeMakesRoom() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    run(loop);
    loop.takeQueued();
    cluster.remove(node("a"));
    caches.catchUp();
    assertThat(loop.takeQueued()).contains(N);
    run(loop);
    assertThat(cidrsOf("n")).containsExactly("10.0.0.0/24");
  }

  @Test
  @DisplayName("Node merely under deletion: keeps its CIDR, and gets none")
  void aNodeUnderDeletionIsLeftAlone() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    cluster.put(TestNode.named("a").podCidrs("10.0.0.0/24").deleting().build());
    assertThat(run(loop)).patches(0, Node.class).emits(1, "CIDRNotAvailable");
    cluster.put(TestNode.named("n").deleting().build());
    assertThat(run(loop).whole()).doesNothing();
  }

  @Test
  @DisplayName("Exhausted in the second family: the block of the first does not leak")
  void nothingLeaksWhenOneFamilyHasNoneLeft() {
    ModelLoop<NodeIpamSnapshot> loop =
        wire(
            caches,
            config(
                List.of(new ClusterRange("10.0.0.0/23", 24), new ClusterRange("fd00::/64", 64)),
                ""));
    cluster.put(TestNode.named("a").podCidrs("10.0.0.0/24", "fd00::/64").build());
    cluster.put(TestNode.named("n").build());
    for (int i = 0; i < 5; i++) {
      assertThat(run(loop)).emits(1, "CIDRNotAvailable");
    }
    cluster.remove(node("a"));
    run(loop);
    assertThat(cidrsOf("n")).hasSize(2);
  }

  @Test
  @DisplayName("Three tries, then event CIDRAssignmentFailed; the next run offers the same block")
  void keepsWhatMayHaveBeenWritten() {
    ModelLoop<NodeIpamSnapshot> loop = single();
    cluster.put(TestNode.named("n").build());
    FaultyServer server = FaultyServer.before(cluster).reject(Action.Patch.class, DOWN);
    assertThat(run(loop, server))
        .emits(
            Action.Severity.NORMAL,
            "CIDRAssignmentFailed",
            "Node n status is now: CIDRAssignmentFailed")
        .retriesBecause("down");
    assertThat(server.calls(Action.Patch.class)).isEqualTo(3);
    cluster.put(TestNode.named("m").build());
    caches.catchUp();
    loop.run(new ObjectKey("", "m"));
    run(loop);
    assertThat(cidrsOf("n")).containsExactly("10.0.0.0/24");
    assertThat(cidrsOf("m")).containsExactly("10.0.1.0/24");
  }

  @Test
  void aSingleFailureIsOvercomeAtOnce() {
    ModelLoop<NodeIpamSnapshot> loop = single();
    cluster.put(TestNode.named("n").build());
    FaultyServer server = FaultyServer.before(cluster).rejectOnly(Action.Patch.class, 1, DOWN);
    assertThat(run(loop, server)).emits(0, "CIDRAssignmentFailed").ends(Verdict.DONE);
    assertThat(cidrsOf("n")).containsExactly("10.0.0.0/24");
  }

  @Test
  @DisplayName("Other CIDRs present: ours are given back")
  void whatSomebodyElseAssignedCounts() {
    ModelLoop<NodeIpamSnapshot> loop = single();
    cluster.put(TestNode.named("n").build());
    run(loop, FaultyServer.before(cluster).reject(Action.Patch.class, DOWN));
    cluster.put(TestNode.named("n").podCidrs("10.0.7.0/24").build());
    assertThat(run(loop).whole()).doesNothing();
    int before = cluster.list(Node.class).size();
    for (int i = 0; i < 255; i++) {
      cluster.put(TestNode.named("m" + i).build());
    }
    caches.catchUp();
    loop.takeQueued().forEach(loop::run);
    assertThat(cluster.list(Node.class)).hasSize(before + 255);
    assertThat(cluster.list(Node.class).stream().map(n -> n.getSpec().getPodCIDR()).distinct())
        .hasSize(256);
  }

  @Test
  void aBlockThatTwoNodesHaveStaysTakenUntilBothAreGone() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    cluster.put(TestNode.named("b").podCidrs("10.0.0.0/24").build());
    caches.catchUp();
    cluster.remove(node("a"));
    assertThat(run(loop)).emits(1, "CIDRNotAvailable");
    cluster.remove(node("b"));
    run(loop);
    assertThat(cidrsOf("n")).containsExactly("10.0.0.0/24");
  }

  @Test
  void aNodeThatWasReplacedGivesItsBlockBack() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    cluster.put(TestNode.named("a").uid("another").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).contains(new ObjectKey("", "a"), N);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.5.0/24, ''",
    "10.9.0.0/24, 'failed to mark cidr[10.9.0.0/24] at idx [0] as occupied for node: n:"
        + " cidr 10.9.0.0/24 is out the range of cluster cidr 10.0.0.0/16'",
    "10.0.5.0/24 fd00::/64, 'node:n has an allocated cidr: fd00::/64 at index:1 that does not"
        + " exist in cluster cidrs configuration'",
    "10.0.5/24, 'failed to parse node n, CIDR 10.0.5/24'",
    "fd00:::/64, 'failed to parse node n, CIDR fd00:::/64'",
  })
  @DisplayName("Pre-existing nodes: correct CIDR ok; wrong, second without set, invalid v4 / v6")
  void namesWhatIsWrongWithANode(String cidrs, String problem) {
    ModelLoop<NodeIpamSnapshot> loop = single();
    cluster.put(TestNode.named("n").podCidrs(cidrs.split(" ", -1)).build());
    Rehearsal run = run(loop);
    assertThat(run).patches(0, Node.class);
    assertThat(run.verdict()).isEqualTo(problem.isEmpty() ? Verdict.DONE : Verdict.drop(problem));
    assertThat(loop.takeQueued()).hasSize(problem.isEmpty() ? 0 : 1);
  }

  @Test
  @DisplayName("Nothing is handed out before all existing nodes were noted")
  void nodesThatAreThereComeFirst() {
    ModelLoop<NodeIpamSnapshot> loop = single();
    cluster.put(TestNode.named("n").build());
    cluster.put(TestNode.named("z").podCidrs("10.0.0.0/24").build());
    caches.catchUp();
    loop.takeQueued().forEach(loop::run);
    assertThat(cidrsOf("n")).containsExactly("10.0.1.0/24");
  }

  @Test
  void heartbeatsWakeNothing() {
    ModelLoop<NodeIpamSnapshot> loop = full();
    caches.catchUp();
    loop.takeQueued();
    cluster.put(TestNode.named("a").podCidrs("10.0.0.0/24").ready("True").build());
    cluster.put(TestNode.named("n").ready("True").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Take-over: nodes as the Go manager left them get no write, and keep their blocks")
  void nothingIsWrittenAfterATakeOver() {
    ModelLoop<NodeIpamSnapshot> loop =
        wire(caches, config(List.of(new ClusterRange("10.244.0.0/16", 24)), "10.0.0.0/24"));
    RecordedNodeLoss.objects().forEach(cluster::put);
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
    cluster.put(TestNode.named("n").build());
    run(loop);
    assertThat(cidrsOf("n")).containsExactly("10.244.3.0/24");
  }

  private ModelLoop<NodeIpamSnapshot> single() {
    return wire(caches, config(List.of(new ClusterRange("10.0.0.0/16", 24)), ""));
  }

  /** One block, which node a has; node n has none. */
  private ModelLoop<NodeIpamSnapshot> full() {
    ModelLoop<NodeIpamSnapshot> loop =
        wire(caches, config(List.of(new ClusterRange("10.0.0.0/24", 24)), ""));
    cluster.put(TestNode.named("a").podCidrs("10.0.0.0/24").build());
    cluster.put(TestNode.named("n").build());
    return loop;
  }

  private static NodeIpamConfig config(List<ClusterRange> ranges, String services) {
    return new NodeIpamConfig(
        ranges, Arrays.stream(services.split(",", -1)).filter(text -> !text.isEmpty()).toList());
  }

  private Rehearsal run(ModelLoop<NodeIpamSnapshot> loop) {
    return run(loop, cluster);
  }

  private Rehearsal run(ModelLoop<NodeIpamSnapshot> loop, Responder server) {
    caches.catchUp();
    return loop.run(N, server);
  }

  private Node node(String name) {
    return cluster.get(Node.class, new ObjectKey("", name)).orElseThrow();
  }

  private List<String> cidrsOf(String name) {
    return node(name).getSpec().getPodCIDRs();
  }

  static ModelLoop<NodeIpamSnapshot> wire(ModelCaches caches, NodeIpamConfig config) {
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    CidrLedger ledger = CidrLedger.of(config, new SimpleMeterRegistry());
    return ModelLoop.<NodeIpamSnapshot>over(caches)
        .on(nodes, new NodeCidrMapper(ledger))
        .reading(new NodeIpamReader(nodes.lister(), ledger))
        .deciding(new NodeIpamReconciler());
  }
}
