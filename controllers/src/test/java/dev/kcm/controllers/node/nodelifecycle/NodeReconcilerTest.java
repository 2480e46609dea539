package dev.kcm.controllers.node.nodelifecycle;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeReconcilerTest {

  private static final VirtualEnvironment ENVIRONMENT = VirtualEnvironment.seeded(1);
  private static final Instant NOW = ENVIRONMENT.wallClock().now();
  private static final NodeMemory KNOWN = new NodeMemory("uid-of-n", false);
  private static final Duration FRESH = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofSeconds(51);
  private static final String BEAT = "2026-01-01T00:00:00Z";

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());

  @Test
  @DisplayName("Status: young node without status: no update, looked at when its start is over")
  void aYoungNodeHasTimeToReport() {
    Node node = TestNode.named("n").created(NOW.minusSeconds(20)).build();
    assertThat(plan(node, null)).updatesStatus(0, Node.class).looksAgainAfter(seconds(40));
  }

  @Test
  @DisplayName("Status: old node without status: 4 conditions Unknown/NeverUpdated, status PUT")
  void aNodeThatNeverReportedIsLost() {
    Node node = TestNode.named("n").created(NOW.minusSeconds(61)).build();
    Node written = statusWritten(node, null);
    assertThat(NodeConditions.of(written)).hasSize(4);
    for (String type : List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")) {
      NodeCondition condition = NodeConditions.of(written, type);
      assertThat(condition.getStatus()).isEqualTo("Unknown");
      assertThat(condition.getReason()).isEqualTo("NodeStatusNeverUpdated");
      assertThat(condition.getMessage()).isEqualTo("Kubelet never posted node status.");
      assertThat(condition.getLastHeartbeatTime()).isEqualTo(NOW.minusSeconds(61).toString());
      assertThat(condition.getLastTransitionTime()).isEqualTo(NOW.toString());
    }
  }

  @Test
  @DisplayName("Status: stale heartbeat: Unknown/StatusUnknown, heartbeat and network kept")
  void aNodeThatFellSilentIsLost() {
    Node node =
        TestNode.named("n")
            .ready("True")
            .condition("MemoryPressure", "False", BEAT)
            .condition("NetworkUnavailable", "False", BEAT)
            .build();
    Node written = statusWritten(node, LONG);
    NodeCondition ready = NodeConditions.of(written, "Ready");
    assertThat(ready.getStatus()).isEqualTo("Unknown");
    assertThat(ready.getReason()).isEqualTo("NodeStatusUnknown");
    assertThat(ready.getMessage()).isEqualTo("Kubelet stopped posting node status.");
    assertThat(ready.getLastHeartbeatTime()).isEqualTo(BEAT);
    assertThat(NodeConditions.of(written, "MemoryPressure").getReason())
        .isEqualTo("NodeStatusUnknown");
    assertThat(NodeConditions.of(written, "DiskPressure").getReason())
        .isEqualTo("NodeStatusNeverUpdated");
    assertThat(NodeConditions.of(written, "NetworkUnavailable").getStatus()).isEqualTo("False");
  }

  @Test
  @DisplayName("Status: once Unknown, the second pass sends no PUT")
  void aLostNodeIsNotWrittenAgain() {
    Node lost = lost("n");
    assertThat(plan(lost, LONG)).updatesStatus(0, Node.class).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Status: fresh: none, looked at when the grace is over")
  void aNodeThatReportsIsLeftAlone() {
    assertThat(plan(TestNode.named("n").ready("True").build(), FRESH))
        .updatesStatus(0, Node.class)
        .looksAgainAfter(seconds(47));
  }

  @ParameterizedTest
  @CsvSource({
    "10, , -1, false",
    "10, , 3, false",
    "1000, , -1, true",
    "1000, , 61, true",
    "1000, , 3, false",
    "1000, True, 3, false",
    "1000, True, 51, true",
    "1000, True, 49, false",
  })
  @DisplayName("Leases: a renewal or a report is a sign of life; only the last one counts")
  void theLastSignOfLifeCounts(long age, String ready, long silence, boolean lost) {
    TestNode node = TestNode.named("n").created(NOW.minusSeconds(age));
    if (ready != null) {
      node.ready(ready);
    }
    Duration heard = silence < 0 ? null : seconds(silence);
    assertThat(plan(node.build(), heard)).updatesStatus(lost ? 1 : 0, Node.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 3, ''", "'', 61, Unknown",
    "True, 3, True", "True, 51, Unknown",
    "False, 3, False", "False, 51, Unknown",
    "Unknown, 3, Unknown", "Unknown, 51, Unknown",
  })
  @DisplayName("Health of nil, True, False, Unknown before and after the grace")
  void readinessAfterALook(String ready, long silence, String after) {
    TestNode node = TestNode.named("n");
    if (!ready.isEmpty()) {
      node.ready(ready);
    }
    run(node.build(), seconds(silence), KNOWN);
    assertThat(NodeConditions.status(stored(), "Ready")).isEqualTo(after);
  }

  @Test
  @DisplayName("Pods: marked on the transition, with the events of node and pod")
  void marksThePodsOfANodeThatFellSilent() {
    Pod ready = TestPod.named("a").node("n").readySince(NOW).build();
    Pod notReady = TestPod.named("b").node("n").notReadySince(NOW).build();
    Pod starting = TestPod.named("c").node("n").build();
    Rehearsal run =
        run(TestNode.named("n").ready("True").build(), LONG, KNOWN, ready, notReady, starting);
    assertThat(run)
        .updatesStatus(1, Node.class)
        .updatesStatus(1, Pod.class)
        .emits(Action.Severity.NORMAL, "NodeNotReady", "Node n status is now: NodeNotReady")
        .emits(Action.Severity.WARNING, "NodeNotReady", "Node is not ready");
    Pod marked = cluster.get(Pod.class, ObjectKey.of(ready)).orElseThrow();
    assertThat(PodStates.isReady(marked)).isFalse();
    assertThat(marked.getStatus().getConditions()).hasSize(1);
  }

  @Test
  @DisplayName("Pods: a node whose kubelet says Ready=False gets no event and marks no pods")
  void leavesPodsToAKubeletThatReports() {
    Pod ready = TestPod.named("a").node("n").readySince(NOW).build();
    Rehearsal run = run(TestNode.named("n").ready("False").build(), FRESH, KNOWN, ready);
    assertThat(run).updatesStatus(0, Pod.class).emits(0, "NodeNotReady");
  }

  @ParameterizedTest
  @CsvSource({"Unknown", "False"})
  @DisplayName("Pods: tried again after a failed update, even if the node meanwhile reports False")
  void missedPodsAreMarkedLater(String meanwhile) {
    Pod pod = TestPod.named("a").node("n").readySince(NOW).build();
    Node node = TestNode.named("n").ready("True").build();
    put(node, pod);
    Turn<NodeMemory> turn = decide(stored(), LONG, KNOWN, pod);
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    Rehearsal failed =
        Rehearsal.of(
            turn.plan(), FaultyServer.before(cluster).rejectOnly(Action.Update.class, 2, error));
    assertThat(failed.verdict()).isInstanceOf(Verdict.Retry.class);
    assertThat(failed).emits(2, "NodeNotReady");
    Node now = TestNode.named("n").ready(meanwhile).build();
    Rehearsal again = run(now, FRESH, turn.memory(), pod);
    assertThat(again).updatesStatus(1, Pod.class);
    Pod marked = cluster.get(Pod.class, ObjectKey.of(pod)).orElseThrow();
    assertThat(decide(now, FRESH, turn.memory(), marked).memory().marksPods()).isFalse();
  }

  @Test
  @DisplayName("Pods: a pod that is gone meanwhile is ignored, without event")
  void aPodThatIsGoneIsNoFailure() {
    Pod pod = TestPod.named("gone").node("n").readySince(NOW).build();
    put(TestNode.named("n").ready("True").build());
    Rehearsal run = Rehearsal.of(decide(stored(), LONG, KNOWN, pod).plan(), cluster);
    assertThat(run).emits(1, "NodeNotReady").ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Pods: each one of 100 is updated")
  void everyPodIsUpdated() {
    Pod[] pods = new Pod[100];
    Arrays.setAll(pods, i -> TestPod.named("p" + i).node("n").readySince(NOW).build());
    Rehearsal run = run(TestNode.named("n").ready("True").build(), LONG, KNOWN, pods);
    assertThat(run).updatesStatus(100, Pod.class);
    assertThat(cluster.list(Pod.class)).noneMatch(PodStates::isReady);
  }

  @Test
  void aLossThatCannotBeWrittenIsTriedAgainAndTellsNothingYet() {
    Pod pod = TestPod.named("a").node("n").readySince(NOW).build();
    put(TestNode.named("n").ready("True").build(), pod);
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    Rehearsal run =
        Rehearsal.of(
            decide(stored(), LONG, KNOWN, pod).plan(),
            FaultyServer.before(cluster).reject(Action.Update.class, error));
    assertThat(run.tried(Action.Emit.class)).isEmpty();
    assertThat(run).updatesStatus(1, Node.class).retriesBecause("no");
  }

  @Test
  @DisplayName("NoExecute: a node that is not tainted yet waits for its turn")
  void addsNoTaintThatSendsPodsAway() {
    for (String ready : List.of("False", "Unknown")) {
      Optional<List<Taint>> next =
          ConditionTaints.next(TestNode.named("n").ready(ready).build(), NOW);
      assertThat(next.orElseThrow()).extracting(Taint::getEffect).containsExactly("NoSchedule");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "False, unreachable, not-ready",
    "Unknown, not-ready, unreachable",
    "True, unreachable, ''",
    "True, not-ready, ''",
    "False, not-ready, not-ready",
  })
  @DisplayName("NoExecute: direct swap on change; recovered loses it")
  void changesTheTaintThatSendsPodsAway(String ready, String before, String after) {
    Node node =
        TestNode.named("n")
            .ready(ready)
            .taint("node.kubernetes.io/" + before, "NoExecute")
            .taint("user", "NoExecute")
            .build();
    run(node, FRESH, KNOWN);
    List<String> noExecute =
        stored().getSpec().getTaints().stream()
            .filter(taint -> taint.getEffect().equals("NoExecute"))
            .map(Taint::getKey)
            .toList();
    assertThat(noExecute)
        .containsExactlyInAnyOrderElementsOf(
            after.isEmpty() ? List.of("user") : List.of("user", "node.kubernetes.io/" + after));
  }

  @ParameterizedTest
  @CsvSource({
    "Ready, False, not-ready",
    "Ready, Unknown, unreachable",
    "MemoryPressure, True, memory-pressure",
    "DiskPressure, True, disk-pressure",
    "PIDPressure, True, pid-pressure",
    "NetworkUnavailable, True, network-unavailable",
    "MemoryPressure, Unknown, ''",
    "DiskPressure, False, ''",
  })
  @DisplayName("NoSchedule by condition: each mapping; the taint says when it was added")
  void keepsNewPodsAway(String type, String status, String key) {
    Node node = TestNode.named("n").ready("True").condition(type, status, BEAT).build();
    run(node, FRESH, KNOWN);
    List<Taint> expected =
        key.isEmpty()
            ? List.of()
            : List.of(new Taint("NoSchedule", "node.kubernetes.io/" + key, NOW.toString(), null));
    assertThat(stored().getSpec().getTaints()).isEqualTo(expected);
  }

  @Test
  @DisplayName("NoSchedule: unschedulable by spec")
  void cordonedNodesAreTainted() {
    run(TestNode.named("n").ready("True").unschedulable().build(), FRESH, KNOWN);
    assertThat(stored().getSpec().getTaints())
        .extracting(Taint::getKey)
        .containsExactly("node.kubernetes.io/unschedulable");
  }

  @Test
  @DisplayName("NoSchedule: existing taints replaced exactly, those of users untouched")
  void leavesTaintsOfUsersAlone() {
    Node node =
        TestNode.named("n")
            .ready("Unknown")
            .taint("node.kubernetes.io/not-ready", "NoSchedule")
            .taint("user", "v", "NoSchedule")
            .taint("node.kubernetes.io/memory-pressure", "NoSchedule")
            .taint("node.kubernetes.io/memory-pressure", "PreferNoSchedule")
            .build();
    Rehearsal run = run(node, FRESH, KNOWN);
    Action.Patch<?> patch = run.tried(Action.Patch.class).get(0);
    assertThat(patch.body())
        .isEqualTo(
            "{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{\"taints\":["
                + "{\"key\":\"user\",\"effect\":\"NoSchedule\",\"value\":\"v\"},"
                + "{\"key\":\"node.kubernetes.io/memory-pressure\",\"effect\":\"PreferNoSchedule\"},"
                + "{\"key\":\"node.kubernetes.io/unreachable\",\"effect\":\"NoSchedule\","
                + "\"timeAdded\":\"%s\"}]}}".formatted(NOW));
  }

  @Test
  void theLastTaintGoesAsNull() {
    Node node =
        TestNode.named("n")
            .ready("True")
            .taint("node.kubernetes.io/not-ready", "NoSchedule")
            .build();
    assertThat(run(node, FRESH, KNOWN).tried(Action.Patch.class).get(0).body())
        .isEqualTo("{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{\"taints\":null}}");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a=b, ''",
    "kubernetes.io/os=linux, beta.kubernetes.io/os=linux",
    "kubernetes.io/os=linux;beta.kubernetes.io/os=linux, ''",
    "kubernetes.io/arch=arm64;beta.kubernetes.io/arch=amd64, beta.kubernetes.io/arch=arm64",
    "beta.kubernetes.io/os=linux, ''",
  })
  @DisplayName("Labels: no labels, no stable labels, add, fix")
  void oldLabelsSayWhatNewOnesSay(String labels, String missing) {
    Node node = TestNode.named("n").ready("True").labels(map(labels)).build();
    assertThat(NodeLabels.missing(node)).isEqualTo(map(missing));
    assertThat(
            NodeLabels.missing(
                new NodeBuilder(node).editMetadata().withLabels(null).endMetadata().build()))
        .isEmpty();
  }

  @Test
  @DisplayName("Event RegisteredNode carries the node's UID, once")
  void tellsOfANewNodeOnce() {
    Node node = TestNode.named("n").ready("True").build();
    Turn<NodeMemory> turn = decide(node, FRESH, NodeMemory.NONE);
    assertThat(turn.plan())
        .emits(
            Action.Severity.NORMAL,
            "RegisteredNode",
            "Node n event: Registered Node n in Controller");
    Action.Emit event = (Action.Emit) turn.plan().actions().get(0);
    assertThat(event.regarding().getMetadata().getUid()).isEqualTo("uid-of-n");
    assertThat(decide(node, FRESH, turn.memory()).plan()).emits(0, "RegisteredNode");
  }

  @Test
  void tellsThatANodeIsGone() {
    NodeSnapshot gone =
        new NodeSnapshot("n", null, null, List.of(), NodeLifecycleConfig.defaults());
    Turn<NodeMemory> turn = new NodeReconciler().decide(gone, KNOWN, NOW);
    assertThat(turn.plan())
        .emits(
            Action.Severity.NORMAL,
            "RemovingNode",
            "Node n event: Removing Node n from Controller");
    assertThat(turn.memory()).isEqualTo(NodeMemory.NONE);
    assertThat(new NodeReconciler().decide(gone, NodeMemory.NONE, NOW).plan()).doesNothing();
  }

  @Test
  void aConflictIsLookedAtAgainSoon() {
    put(TestNode.named("n").ready("False").build());
    ApiError conflict = ApiError.of(ApiError.Kind.CONFLICT, 409, "changed");
    Rehearsal run =
        Rehearsal.of(
            decide(stored(), FRESH, KNOWN).plan(),
            FaultyServer.before(cluster).reject(Action.Patch.class, conflict));
    assertThat(run).looksAgainAfter(Duration.ofMillis(20));
  }

  @ParameterizedTest
  @CsvSource({"False, true", "Unknown, true", "True, false", "'', false"})
  @DisplayName("Pod worker: a pod that comes to a node that is not ready is marked")
  void marksPodsThatComeToANodeThatIsNotReady(String ready, boolean marks) {
    TestNode node = TestNode.named("n");
    if (!ready.isEmpty()) {
      node.ready(ready);
    }
    Pod pod = TestPod.named("a").node("n").readySince(NOW).build();
    Plan plan = new StrandedPodReconciler().decide(new StrandedPodSnapshot(pod, node.build()), NOW);
    assertThat(plan).updatesStatus(marks ? 1 : 0, Pod.class);
  }

  private Plan plan(Node node, Duration silence) {
    return decide(node, silence, KNOWN).plan();
  }

  private Turn<NodeMemory> decide(Node node, Duration silence, NodeMemory memory, Pod... pods) {
    return new NodeReconciler()
        .decide(
            new NodeSnapshot("n", node, silence, List.of(pods), NodeLifecycleConfig.defaults()),
            memory,
            NOW);
  }

  private Rehearsal run(Node node, Duration silence, NodeMemory memory, Pod... pods) {
    put(node, pods);
    Pod[] seen =
        Arrays.stream(pods)
            .map(pod -> cluster.get(Pod.class, ObjectKey.of(pod)).orElseThrow())
            .toArray(Pod[]::new);
    return Rehearsal.of(decide(stored(), silence, memory, seen).plan(), cluster);
  }

  private void put(Node node, Pod... pods) {
    cluster.put(node);
    List.of(pods).forEach(cluster::put);
  }

  private Node stored() {
    return cluster.get(Node.class, new ObjectKey("", "n")).orElseThrow();
  }

  private Node statusWritten(Node node, Duration silence) {
    Plan plan = plan(node, silence);
    assertThat(plan).updatesStatus(1, Node.class);
    return plan.actions().stream()
        .filter(Action.Update.class::isInstance)
        .map(update -> (Node) ((Action.Update<?>) update).object())
        .findFirst()
        .orElseThrow();
  }

  static Node lost(String name) {
    return TestNode.named(name)
        .ready("Unknown")
        .taint("node.kubernetes.io/unreachable", "NoSchedule")
        .taint("node.kubernetes.io/unreachable", "NoExecute")
        .build();
  }

  private static Map<String, String> map(String pairs) {
    Map<String, String> map = new TreeMap<>();
    for (String pair : pairs.split(";", -1)) {
      if (!pair.isEmpty()) {
        map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    }
    return map;
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
