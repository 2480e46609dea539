package dev.kcm.controllers.node.tainteviction;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.evictions.EvictionMetrics;
import dev.kcm.controllers.shared.nodes.RecordedNodeLoss;
import dev.kcm.controllers.shared.nodes.TestNode;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.controllers.shared.pods.TestPod;
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
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaintEvictionReconcilerTest {

  private static final String TAINT = "node.kubernetes.io/unreachable";
  private static final ObjectKey A = new ObjectKey("shop", "a");
  private static final String MARKING = "Marking for deletion Pod shop/a";
  private static final String CANCELLING = "Cancelling deletion of Pod shop/a";

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<TaintEvictionSnapshot> loop = wire(caches);

  @Test
  @DisplayName("Create pod: unscheduled is ignored")
  void leavesUnscheduledPodsAlone() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").node("").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Create pod: on an untainted node ignored")
  void leavesPodsOfUntaintedNodesAlone() {
    cluster.put(TestNode.named("node-1").taint("x", "NoSchedule").build());
    cluster.put(TestPod.named("a").build());
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Create pod: tainted node: PATCH status, then DELETE; the event once before")
  void marksAndDeletesAPodThatToleratesNothing() {
    cluster.put(tainted("node-1"));
    Pod pod = TestPod.named("a").build();
    pod.getMetadata().setGeneration(4L);
    cluster.put(pod);
    Rehearsal run = run();
    assertThat(messages()).containsExactly(MARKING);
    assertThat(run.actions())
        .extracting(action -> action.getClass().getSimpleName())
        .containsExactly("Emit", "Fetch", "Patch", "Delete", "Measure");
    Action.Patch<?> patch = run.tried(Action.Patch.class).get(0);
    assertThat(patch.subresource()).isEqualTo("status");
    assertThat(patch.body())
        .isEqualTo(
            "{\"metadata\":{\"uid\":\"uid-of-a\"},\"status\":{\"conditions\":[{"
                + "\"type\":\"DisruptionTarget\",\"status\":\"True\","
                + "\"reason\":\"DeletionByTaintManager\","
                + "\"message\":\"Taint manager: deleting due to NoExecute taint\","
                + "\"lastTransitionTime\":\"%s\",\"observedGeneration\":4}]}}"
                    .formatted(environment.wallClock().now()));
    Action.Delete<?> deletion = run.tried(Action.Delete.class).get(0);
    assertThat(deletion.gracePeriod()).isNull();
    assertThat(deletion.uid()).isEqualTo("uid-of-a");
  }

  @Test
  @DisplayName("Condition already present: no PATCH")
  void doesNotMarkTwice() {
    cluster.put(tainted("node-1"));
    cluster.put(
        new PodBuilder(TestPod.named("a").build())
            .editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("DeletionByTaintManager")
            .withMessage("Taint manager: deleting due to NoExecute taint")
            .endCondition()
            .endStatus()
            .build());
    assertThat(run()).patches(0, Pod.class).deletes(Pod.class, "a");
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "300, 300"})
  @DisplayName("Create pod: finite matching toleration: not now")
  void waitsForATolerationToRunOut(long seconds, long delay) {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", seconds));
    Rehearsal run = run();
    assertThat(run).looksAgainAfter(Duration.ofSeconds(delay)).deletes(0, Pod.class);
    environment.advance(Duration.ofSeconds(delay));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Create pod: infinite toleration: never")
  void leavesPodsThatTolerateForEverAlone() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", null));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Create pod: non-matching toleration: now")
  void aTolerationOfSomethingElseDoesNotHelp() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").tolerates("other", "NoExecute", 100L).build());
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Delete pod: timer gone, event because it was stopped")
  void callsTheCountdownOfADeletedPodOff() {
    cluster.put(tainted("node-1"));
    Pod pod = tolerating("a", 100L);
    cluster.put(pod);
    run();
    cluster.remove(pod);
    assertThat(run()).deletes(0, Pod.class).ends(Verdict.DONE);
    assertThat(messages()).containsExactly(CANCELLING);
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Delete pod: no event unless a timer was stopped")
  void saysNothingOfAPodWithoutCountdown() {
    Pod pod = TestPod.named("a").build();
    cluster.put(pod);
    run();
    cluster.remove(pod);
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Update pod: scheduling onto a tainted node: delete")
  void evictsAPodThatIsBoundToATaintedNode() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").node("").build());
    run();
    loop.takeQueued();
    cluster.put(TestPod.named("a").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(A);
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Update pod: removing the toleration: delete, after the timer was cancelled")
  void evictsAPodThatLosesItsToleration() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 100L));
    run();
    cluster.put(TestPod.named("a").build());
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(messages()).containsExactly(CANCELLING, MARKING);
  }

  @ParameterizedTest
  @CsvSource({"1, 100, 1", "100, 1, 100"})
  @DisplayName("Update pod: neither lengthening nor shortening the toleration moves the timer")
  void keepsARunningCountdown(long before, long after, long fires) {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", before));
    run();
    cluster.put(tolerating("a", after));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(fires));
    environment.advance(Duration.ofSeconds(fires));
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(messages()).containsExactly(MARKING);
  }

  @Test
  void aClockThatIsSetForwardHastensNothing() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 100L));
    run();
    environment.stepWallClock(Duration.ofHours(1));
    environment.advance(Duration.ofSeconds(30));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(70)).deletes(0, Pod.class);
  }

  @Test
  @DisplayName("Infinite toleration replacing a finite one: the timer entry is removed")
  void forgetsTheCountdownOfAPodThatNowToleratesForEver() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 10L));
    run();
    cluster.put(tolerating("a", null));
    assertThat(run()).ends(Verdict.DONE);
    assertThat(messages()).containsExactly(CANCELLING);
    environment.advance(Duration.ofSeconds(20));
    assertThat(run().whole()).doesNothing();
  }

  @Test
  @DisplayName("Create node: tainted with a non-tolerating pod: delete")
  void aTaintedNodeThatAppearsWakesItsPods() {
    cluster.put(TestPod.named("a").build());
    run();
    loop.takeQueued();
    cluster.put(tainted("node-1"));
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(A);
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Update node: non-tolerating and tolerating pods mixed")
  void evictsOnlyThePodsThatDoNotTolerate() {
    cluster.put(TestNode.named("node-1").build());
    cluster.put(TestPod.named("a").build());
    cluster.put(tolerating("b", null));
    cluster.put(TestPod.named("c").node("node-2").build());
    caches.catchUp();
    loop.takeQueued();
    cluster.put(tainted("node-1"));
    caches.catchUp();
    List<ObjectKey> woken = loop.takeQueued();
    assertThat(woken).extracting(ObjectKey::name).containsExactlyInAnyOrder("a", "b");
    woken.forEach(loop::run);
    assertThat(cluster.get(Pod.class, A)).hasValueSatisfying(TaintEvictionReconcilerTest::goes);
    assertThat(cluster.get(Pod.class, new ObjectKey("shop", "b")))
        .hasValueSatisfying(pod -> assertThat(PodStates.isActive(pod)).isTrue());
  }

  @Test
  @DisplayName("Several taints of which one is untolerated: delete")
  void everyTaintHasToBeTolerated() {
    cluster.put(TestNode.named("node-1").taint(TAINT, "NoExecute").taint("b", "NoExecute").build());
    cluster.put(tolerating("a", null));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Pod tolerating both with different seconds: the first to run out decides")
  void theFirstTolerationToRunOutDecides() {
    cluster.put(TestNode.named("node-1").taint("x", "NoExecute").taint("y", "NoExecute").build());
    cluster.put(
        TestPod.named("a")
            .tolerates("x", "NoExecute", 30L)
            .tolerates("y", "NoExecute", 7L)
            .build());
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(7));
  }

  @Test
  @DisplayName("Taint removed in time: cancelled")
  void aTaintThatIsTakenAwayCallsTheCountdownOff() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 10L));
    run();
    loop.takeQueued();
    cluster.put(TestNode.named("node-1").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(A);
    run();
    environment.advance(Duration.ofSeconds(20));
    assertThat(run().whole()).doesNothing();
    assertThat(messages()).containsExactly(CANCELLING);
  }

  @Test
  @DisplayName("Delete node: clears the taints only, timers keep running")
  void theCountdownGoesOnWithoutTheNode() {
    Node node = tainted("node-1");
    cluster.put(node);
    cluster.put(tolerating("a", 10L));
    run();
    loop.takeQueued();
    cluster.remove(node);
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
    environment.advance(Duration.ofSeconds(4));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(6));
    environment.advance(Duration.ofSeconds(6));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("Several pods on one node with different times: each at its own time")
  void eachPodGoesAtItsOwnTime() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 3L));
    cluster.put(tolerating("b", 9L));
    ObjectKey b = new ObjectKey("shop", "b");
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(3));
    assertThat(loop.run(b)).looksAgainAfter(Duration.ofSeconds(9));
    environment.advance(Duration.ofSeconds(3));
    assertThat(run()).deletes(Pod.class, "a");
    assertThat(loop.run(b)).looksAgainAfter(Duration.ofSeconds(6)).deletes(0, Pod.class);
    environment.advance(Duration.ofSeconds(6));
    assertThat(loop.run(b)).deletes(Pod.class, "b");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  @DisplayName("Pod scheduled while the node is being tainted: evicted, in both orders of events")
  void theOrderOfEventsDoesNotMatter(boolean podFirst) {
    cluster.put(TestNode.named("node-1").build());
    caches.catchUp();
    if (podFirst) {
      cluster.put(TestPod.named("a").build());
      cluster.put(tainted("node-1"));
    } else {
      cluster.put(tainted("node-1"));
      cluster.put(TestPod.named("a").build());
    }
    caches.catchUpBy(1);
    loop.takeQueued().forEach(loop::run);
    caches.catchUp();
    loop.takeQueued().forEach(loop::run);
    assertThat(cluster.get(Pod.class, A)).hasValueSatisfying(TaintEvictionReconcilerTest::goes);
  }

  @Test
  @DisplayName("Timer map: adding the same key twice runs once")
  void deletesOnceHoweverOftenItIsWoken() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").build());
    run();
    assertThat(run().whole()).doesNothing();
    assertThat(messages()).containsExactly(MARKING);
  }

  @Test
  @DisplayName("Timer map: cancel then re-add runs, after the full time")
  void aCountdownThatWasCalledOffBeginsAnew() {
    cluster.put(tainted("node-1"));
    cluster.put(tolerating("a", 10L));
    run();
    environment.advance(Duration.ofSeconds(9));
    cluster.put(TestNode.named("node-1").build());
    run();
    cluster.put(tainted("node-1"));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(10));
    environment.advance(Duration.ofSeconds(10));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  @DisplayName("API retries: announced once, tried until it works, measured from when it was due")
  void aDeletionThatFailsIsTriedAgainWithoutASecondEvent() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Uptime uptime = Uptime.of(environment.ticker());
    EvictionMetrics metrics = TaintEvictionController.metrics(meters, uptime);
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").build());
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    for (Class<? extends Action> kind :
        List.of(Action.Fetch.class, Action.Patch.class, Action.Delete.class)) {
      Rehearsal failed = run(FaultyServer.before(cluster).reject(kind, error));
      assertThat(failed.verdict()).isInstanceOf(Verdict.Retry.class);
    }
    environment.advance(Duration.ofSeconds(2));
    run().tried(Action.Measure.class).forEach(metrics);
    assertThat(messages()).containsExactly(MARKING);
    assertThat(meters.get("taint_eviction_controller_pod_deletions_total").counter().count())
        .isEqualTo(1);
    assertThat(
            meters
                .get("taint_eviction_controller_pod_deletion_duration")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(2);
  }

  @Test
  void aReplacedPodIsLeftToItsOwnEvent() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").build());
    caches.catchUp();
    cluster.remove(TestPod.named("a").build());
    cluster.put(TestPod.named("a").uid("another").build());
    assertThat(loop.run(A)).deletes(0, Pod.class).patches(0, Pod.class).ends(Verdict.DONE);
  }

  @Test
  void aPodThatIsGoneAlreadyIsNotCounted() {
    cluster.put(tainted("node-1"));
    Pod pod = TestPod.named("a").build();
    cluster.put(pod);
    caches.catchUp();
    cluster.remove(pod);
    assertThat(loop.run(A)).ends(Verdict.DONE);
    assertThat(loop.run(A).tried(Action.Measure.class)).isEmpty();
  }

  @Test
  void heartbeatsAndStatusOfPodsWakeNothing() {
    cluster.put(tainted("node-1"));
    cluster.put(TestPod.named("a").build());
    caches.catchUp();
    loop.takeQueued();
    cluster.put(TestPod.named("a").readySince(Instant.EPOCH).build());
    cluster.put(TestNode.named("node-1").taint(TAINT, "NoExecute").ready("True").build());
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  @DisplayName("Take-over: pods as the Go manager left them get no write, but their countdown")
  void podsLeftByTheOriginalWait() {
    RecordedNodeLoss.objects().forEach(cluster::put);
    caches.catchUp();
    List<ObjectKey> keys = loop.takeQueued();
    assertThat(keys).hasSizeGreaterThan(20);
    for (ObjectKey key : keys) {
      Rehearsal run = loop.run(key);
      assertThat(run.actions()).isEmpty();
      assertThat(run.verdict()).isIn(Verdict.DONE, Verdict.after(Duration.ofMinutes(5)));
    }
  }

  private Rehearsal run() {
    return run(cluster);
  }

  private Rehearsal run(Responder server) {
    caches.catchUp();
    return loop.run(A, server);
  }

  private List<String> messages() {
    assertThat(cluster.events()).allMatch(e -> e.reason().equals("TaintManagerEviction"));
    return cluster.events().stream().map(Action.Emit::message).toList();
  }

  private static void goes(Pod pod) {
    assertThat(PodStates.isTerminating(pod)).isTrue();
  }

  private static Node tainted(String name) {
    return TestNode.named(name).taint(TAINT, "NoExecute").build();
  }

  private static Pod tolerating(String name, Long seconds) {
    return TestPod.named(name).tolerates(TAINT, "NoExecute", seconds).build();
  }

  static ModelLoop<TaintEvictionSnapshot> wire(ModelCaches caches) {
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    Informer<Node> nodes = caches.informer(Kinds.NODES);
    PodsOfNode.ensure(pods);
    Uptime uptime = Uptime.of(caches.cluster().environment().ticker());
    return ModelLoop.<TaintEvictionSnapshot>over(caches)
        .on(pods, new PodMapper())
        .on(nodes, new NodeMapper(pods.lister()))
        .reading(new TaintEvictionReader(pods.lister(), nodes.lister(), uptime, true))
        .deciding(new TaintEvictionReconciler(), Countdown.NONE);
  }
}
