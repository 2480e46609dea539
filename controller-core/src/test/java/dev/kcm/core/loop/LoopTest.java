package dev.kcm.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoopTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(3);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeInformer<Pod> pods = FakeInformer.of(Pods.TYPE, environment);
  private final List<String> runs = new ArrayList<>();
  private Optional<String> fenceClosed = Optional.empty();
  private Function<Pod, Plan> decision = pod -> Plan.NOTHING;
  private Reader<Pod> reader = (key, settled) -> pods.lister().get(key);
  private int workers = 2;

  @Test
  void worksOnNoKeyBeforeEveryHandlerHasHeardOfEverything() {
    FakeInformer<Pod> others = FakeInformer.of(Pods.TYPE, environment).sync();
    others.state("BLOCKED (403 pods/list)");
    pods.put(Pods.named("a"));
    pods.state("BLOCKED (403 pods/list)");
    RunningLoop<Pod> loop = builder().on(others, Enqueue.self()).build().start(host());
    environment.run();

    assertThat(runs).isEmpty();
    assertThat(loop.started().toCompletableFuture()).isNotDone();
    assertThat(loop.notRunningBecause()).hasValue("waiting for pods: BLOCKED (403 pods/list)");

    pods.sync();
    environment.run();
    assertThat(runs).containsExactly("a");
    assertThat(loop.started().toCompletableFuture()).isCompleted();
    assertThat(loop.notRunningBecause()).isEmpty();
  }

  @Test
  void keepsNoMoreKeysInFlightThanWorkersAndNoThreadMeanwhile() {
    api.after(r -> Optional.of(Duration.ofSeconds(1)));
    decision = pod -> writing(pod);
    RunningLoop<Pod> loop = started();
    for (int i = 0; i < 10; i++) {
      pods.put(Pods.named("p" + i));
    }
    environment.run();

    assertThat(loop.inFlight()).isEqualTo(2);
    assertThat(api.inFlight()).isEqualTo(2);
    loop.workers(5);
    environment.run();
    assertThat(api.inFlight()).isEqualTo(5);
    loop.workers(1);
    environment.advance(Duration.ofMillis(1500));
    assertThat(api.inFlight()).isEqualTo(1);
    environment.advance(Duration.ofSeconds(10));
    assertThat(api.requests()).hasSize(10);
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  void theVerdictSaysWhenTheKeyComesAgain() {
    assertThat(runsInTenSeconds(pod -> Plan.NOTHING)).isEqualTo(1);
    assertThat(runsInTenSeconds(pod -> Plan.verdict(Verdict.after(Duration.ofSeconds(3)))))
        .isEqualTo(4);
    assertThat(runsInTenSeconds(pod -> Plan.verdict(Verdict.drop("hopeless")))).isEqualTo(1);
    // After 1, 2 and 4 seconds.
    assertThat(runsInTenSeconds(pod -> Plan.verdict(Verdict.retry("not yet")))).isEqualTo(4);
    assertThat(
            runsInTenSeconds(
                pod ->
                    Plan.verdict(
                        runs.size() % 3 == 0 ? Verdict.after(Duration.ZERO) : Verdict.retry("x"))))
        .as("a verdict other than retry forgets the failures")
        .isGreaterThan(7);
  }

  @Test
  @DisplayName("A key is tried again as often as allowed, then waits for the next event")
  void givesAKeyUpAfterSoManyRetries() {
    decision = pod -> Plan.verdict(Verdict.retry("no"));
    RunningLoop<Pod> loop = builder().maxRetries(3).build().start(host());
    pods.sync();
    pods.put(Pods.named("a"));
    environment.advance(Duration.ofHours(1));
    assertThat(runs).hasSize(4);

    pods.put(Pods.named("a"));
    environment.advance(Duration.ofHours(1));
    assertThat(runs).as("an event begins anew").hasSize(8);
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  @DisplayName("T-91 whatever throws, an Error too, the workers stay and the key comes again")
  void survivesReadersAndReconcilersThatThrow() {
    List<Throwable> thrown =
        List.of(new IllegalStateException("a"), new OutOfMemoryError("b"), new LinkageError("c"));
    decision =
        pod -> {
          if (runs.size() <= thrown.size()) {
            return sneaky(thrown.get(runs.size() - 1));
          }
          return Plan.NOTHING;
        };
    RunningLoop<Pod> loop = started();
    pods.put(Pods.named("a"));
    environment.advance(Duration.ofSeconds(30));

    assertThat(runs).hasSize(4);
    assertThat(loop.inFlight()).isZero();
    assertThat(meters.get(LoopMeters.PANICS).counter().count()).isEqualTo(3);

    reader =
        (key, settled) -> {
          throw new AssertionError("broken index");
        };
    pods.put(Pods.named("b"));
    environment.run();
    assertThat(meters.get(LoopMeters.PANICS).counter().count()).isEqualTo(4);
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  void aNullPlanIsAProgrammingErrorAndNothingElse() {
    decision = pod -> null;
    RunningLoop<Pod> loop = started();
    pods.put(Pods.named("a"));
    environment.run();

    assertThat(meters.get(LoopMeters.PANICS).counter().count()).isEqualTo(1);
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  @DisplayName("T-94 while the fence is closed no key is handed out and nothing is written")
  void handsOutNoKeyWhileTheFenceIsClosed() {
    api.after(r -> Optional.of(Duration.ofSeconds(1)));
    decision = pod -> Plan.of(create(pod, "-1"), create(pod, "-2"));
    workers = 1;
    RunningLoop<Pod> loop = started();
    pods.put(Pods.named("a"));
    pods.put(Pods.named("b"));
    environment.run();
    assertThat(api.requests()).hasSize(1);

    fenceClosed = Optional.of("not leading");
    environment.advance(Duration.ofSeconds(20));
    assertThat(api.requests()).hasSize(1);
    assertThat(runs).hasSize(1);
    assertThat(loop.inFlight()).isZero();

    fenceClosed = Optional.empty();
    environment.advance(Duration.ofSeconds(20));
    assertThat(runs).contains("a", "b");
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  @DisplayName("T-92 a stop lets the fast finish, waits for the slow, and names what does not end")
  void stopFinishesWhatItCanAndNamesTheRest() {
    api.after(
        r ->
            switch (r.key().name()) {
              case "fast" -> Optional.of(Duration.ofSeconds(1));
              case "slow" -> Optional.of(Duration.ofSeconds(20));
              default -> Optional.empty();
            });
    decision = pod -> writing(pod);
    workers = 3;
    RunningLoop<Pod> loop = started();
    List.of("fast", "slow", "never", "waiting").forEach(name -> pods.put(Pods.named(name)));
    environment.run();

    CompletableFuture<List<ObjectKey>> stopped = loop.stop(Duration.ofSeconds(30));
    pods.put(Pods.named("late"));
    environment.advance(Duration.ofSeconds(29));
    assertThat(stopped).isNotDone();
    assertThat(api.objects()).hasSize(2);
    environment.advance(Duration.ofSeconds(1));

    assertThat(stopped).isCompletedWithValue(List.of(new ObjectKey("default", "never")));
    assertThat(api.requests()).hasSize(3);
    assertThat(pods.handlers()).isZero();
    assertThat(meters.getMeters()).isEmpty();
    assertThat(loop.notRunningBecause()).hasValue("stopped");
  }

  @Test
  void aStopWithNothingInFlightIsDoneAtOnce() {
    RunningLoop<Pod> loop = started();

    assertThat(loop.stop(Duration.ofSeconds(30))).isCompletedWithValue(List.of());
    assertThat(loop.stop(Duration.ofSeconds(30))).isCompletedWithValue(List.of());
  }

  @Test
  void aStopWithoutGraceSendsNothingMore() {
    api.after(r -> Optional.of(Duration.ofSeconds(1)));
    decision = pod -> Plan.of(create(pod, "-1"), create(pod, "-2"));
    RunningLoop<Pod> loop = started();
    pods.put(Pods.named("a"));
    environment.run();

    CompletableFuture<List<ObjectKey>> stopped = loop.stop(Duration.ZERO);

    assertThat(stopped).isCompletedWithValue(List.of(new ObjectKey("default", "a")));
    environment.advance(Duration.ofSeconds(5));
    assertThat(api.requests()).hasSize(1);
    assertThat(loop.inFlight()).isZero();
  }

  @Test
  void aStopBeforeTheStartIsCompleteLeavesNothing() {
    RunningLoop<Pod> loop = builder().build().start(host());
    CompletableFuture<List<ObjectKey>> stopped = loop.stop(Duration.ofSeconds(1));
    environment.run();

    assertThat(stopped).isCompletedWithValue(List.of());
    assertThat(loop.started().toCompletableFuture()).isCompletedExceptionally();
    pods.sync();
    pods.put(Pods.named("a"));
    environment.run();
    assertThat(runs).isEmpty();
  }

  @Test
  void anInformerThatStopsFirstFailsTheStart() {
    RunningLoop<Pod> loop = builder().build().start(host());
    pods.stop();
    environment.run();

    assertThat(loop.started().toCompletableFuture()).isCompletedExceptionally();
    assertThat(loop.notRunningBecause()).isPresent();
  }

  @Test
  @DisplayName("T-80 a deletion that is never seen holds the key for 5 minutes, then it is free")
  void looksAgainAtAKeyWhoseArrivalsAreNeverSeen() {
    List<String> settledAt = new ArrayList<>();
    Pod child = Pods.named("child");
    reader =
        (key, settled) -> {
          settledAt.add(environment.ticker().nanos() / 1_000_000_000 + " " + settled);
          return pods.lister().get(key);
        };
    decision =
        pod ->
            settledAt.size() == 1
                ? Plan.of(Action.delete(Pods.TYPE, child, "too many").expecting())
                : Plan.NOTHING;
    api.objects().put("pods default/child", child);
    started();
    pods.put(Pods.named("a"));
    environment.advance(Duration.ofMinutes(1));
    pods.put(Pods.named("a"));
    environment.advance(Duration.ofMinutes(9));

    assertThat(settledAt).containsExactly("0 true", "60 false", "301 true");
  }

  @Test
  void anObjectThatIsGoneDropsItsExpectations() {
    decision = pod -> Plan.of(create(pod, "-1").expecting());
    started();
    pods.put(Pods.named("a"));
    environment.run();
    pods.delete(new ObjectKey("default", "a"));
    environment.run();
    List<Boolean> settledSeen = new ArrayList<>();
    reader =
        (key, settled) -> {
          settledSeen.add(settled);
          return Optional.empty();
        };
    pods.put(Pods.named("a"));
    environment.run();

    assertThat(settledSeen).containsExactly(true);
  }

  @Test
  void explainsWhatItWouldDoAndDoesNot() {
    decision =
        pod ->
            Plan.of(
                    Stage.slowStart(List.of(create(pod, "-1"), create(pod, "-1"))),
                    Stage.sequential(
                        List.of(Action.updateStatus(Pods.TYPE, pod, "status differs"))))
                .ending(Verdict.after(Duration.ofSeconds(5)));
    RunningLoop<Pod> loop = started();
    fenceClosed = Optional.of("standby");
    pods.put(Pods.named("a"));
    environment.run();

    Explanation explanation = loop.explain(new ObjectKey("default", "a"));

    assertThat(explanation.text())
        .isEqualTo(
            """
            default/a
            slow start:
              2 x create pods default/a-1: too few pods
            sequential:
              update pods/status default/a: status differs
            verdict: look again after 5000 ms\
            """);
    assertThat(loop.explain(new ObjectKey("", "b")).text()).isEqualTo("b: no such object");
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void warnsOnceOfARunThatTakesMoreThanAMinute() {
    Logger logger = (Logger) LoggerFactory.getLogger(Flights.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    try {
      api.after(r -> Optional.of(Duration.ofMinutes(5)));
      decision = pod -> writing(pod);
      started();
      pods.put(Pods.named("a"));
      environment.advance(Duration.ofMinutes(20));
    } finally {
      logger.detachAppender(heard);
      logger.setLevel(null);
      logger.setAdditive(true);
    }

    assertThat(heard.list).filteredOn(e -> e.getLevel() == Level.WARN).hasSize(1);
    assertThat(heard.list.get(0).getFormattedMessage())
        .isEqualTo("test default/a [1]: the run takes 80 s so far");
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void warnsOfTwoQueuesOfOneNameUnlessTheyShareItOnPurpose() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.kcm.core.queue.NamedQueueMeters");
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(Level.WARN);
    logger.setAdditive(false);
    try {
      builder().sharingQueue("both").build().start(host());
      builder().sharingQueue("both").build().start(host());
      assertThat(heard.list).isEmpty();
      builder().build().start(host());
      builder().build().start(host());
    } finally {
      logger.detachAppender(heard);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
    assertThat(heard.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "2 open work queues are named \"test\" and share one set of metrics: give each its own"
                + " name");
  }

  @Test
  void aSweepRunsFromItsStartingKeyAtItsInterval() {
    reader = (key, settled) -> Optional.of(Pods.named(key.name()));
    decision = pod -> Plan.verdict(Verdict.after(Duration.ofSeconds(20)));
    Loop.<Pod>named("sweep")
        .startingWith(new ObjectKey("", "all"))
        .reading((key, settled) -> reader.read(key, settled))
        .deciding((pod, now) -> decide(pod))
        .build()
        .start(host());
    environment.advance(Duration.ofMinutes(1));

    assertThat(runs).containsExactly("all", "all", "all", "all");
  }

  @Test
  void timesRunsByResult() {
    api.rejecting("create", ScriptedApi.error(Kind.CONFLICT));
    decision = pod -> writing(pod);
    started();
    pods.put(Pods.named("a"));
    environment.run();

    assertThat(meters.get("kcm_reconcile_duration").tag("result", "conflict").timer().count())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("WQ-16 with priorities a change goes before what the first list and resyncs bring")
  void changesGoBeforeTheFirstListAndResyncs() {
    decision = this::writingAnew;
    startedPrioritized("a", "b", "c", "resynced");
    pods.put(Pods.named("change"));
    pods.put(version("resynced", "1"));
    pods.put(version("resynced", "1"));
    environment.advance(Duration.ofSeconds(10));
    assertThat(runs).containsExactly("a", "change", "resynced", "b", "c");

    pods.put(version("a", "2"));
    environment.run();
    pods.put(pods.lister().get(new ObjectKey("default", "b")).orElseThrow());
    pods.put(version("c", "3"));
    environment.advance(Duration.ofSeconds(10));
    assertThat(runs.subList(5, runs.size())).containsExactly("a", "c", "b");
  }

  @Test
  @DisplayName("WQ-17 a retried key keeps its priority, a verdict may carry another one")
  void retriesKeepTheirPriorityUnlessTheVerdictHasOne() {
    decision =
        pod ->
            switch (runs.size()) {
              case 1 -> Plan.verdict(Verdict.retry("not yet"));
              case 2 -> Plan.verdict(Verdict.after(Duration.ofMillis(1100), 5));
              default -> writingAnew(pod);
            };
    startedPrioritized("retried", "urgent", "a", "b");
    environment.run();
    assertThat(runs).containsExactly("retried", "urgent", "a");
    environment.advance(Duration.ofMillis(1200));
    pods.put(Pods.named("change"));
    environment.advance(Duration.ofSeconds(10));
    assertThat(runs).containsExactly("retried", "urgent", "a", "b", "urgent", "change", "retried");
  }

  /** One worker that is busy for a second with each key it writes for. */
  private void startedPrioritized(String... names) {
    for (String name : names) {
      pods.put(Pods.named(name));
    }
    pods.sync();
    api.after(r -> Optional.of(Duration.ofSeconds(1)));
    builder().prioritized().workers(1).build().start(host());
    environment.run();
  }

  private Plan writingAnew(Pod pod) {
    return Plan.of(create(pod, "-" + runs.size()));
  }

  private static Pod version(String name, String resourceVersion) {
    Pod pod = Pods.named(name);
    pod.getMetadata().setResourceVersion(resourceVersion);
    return pod;
  }

  @Test
  void aLoopThatLacksSomethingSaysWhat() {
    ObjectKey key = new ObjectKey("", "x");
    assertThatThrownBy(() -> Loop.<Pod>named("x").reading(reader).startingWith(key).build())
        .hasMessage("loop x has no reconciler: call deciding(..)");
    assertThatThrownBy(
            () -> Loop.<Pod>named("x").reading(reader).deciding((p, now) -> Plan.NOTHING).build())
        .hasMessage("loop x would never run: call on(..) or startingWith(..)");
    assertThatThrownBy(() -> Loop.<Pod>named("x").workers(0))
        .hasMessage("loop x: workers is 0, allowed: 1 or more");
  }

  private int runsInTenSeconds(Function<Pod, Plan> decided) {
    decision = decided;
    runs.clear();
    RunningLoop<Pod> loop = started();
    pods.put(Pods.named("a"));
    environment.advance(Duration.ofMillis(10_500));
    assertThat(loop.stop(Duration.ZERO)).isCompletedWithValue(List.of());
    pods.delete(new ObjectKey("default", "a"));
    environment.run();
    return runs.size();
  }

  private RunningLoop<Pod> started() {
    pods.sync();
    RunningLoop<Pod> loop = builder().workers(workers).build().start(host());
    environment.run();
    return loop;
  }

  private Loop.Builder<Pod> builder() {
    return Loop.<Pod>named("test")
        .component("test-controller")
        .limiter(() -> RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1)))
        .on(pods, Enqueue.self())
        .reading((key, settled) -> reader.read(key, settled))
        .deciding((pod, now) -> decide(pod));
  }

  private Plan decide(Pod pod) {
    runs.add(pod.getMetadata().getName());
    return decision.apply(pod);
  }

  private LoopHost host() {
    Fence fence = () -> fenceClosed;
    return new LoopHost(environment, api, meters, c -> emit -> {}, fence);
  }

  private static Plan writing(Pod pod) {
    return Plan.of(Action.create(Pods.TYPE, Pods.named(pod.getMetadata().getName()), "missing"));
  }

  private static Action.Create<Pod> create(Pod pod, String suffix) {
    String name = pod.getMetadata().getName() + suffix;
    return Action.create(Pods.TYPE, Pods.named(name), "too few pods");
  }

  @SuppressWarnings("unchecked") // Throws anything without declaring it.
  private static <X extends Throwable> Plan sneaky(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
