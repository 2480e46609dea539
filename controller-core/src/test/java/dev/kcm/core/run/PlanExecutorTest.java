package dev.kcm.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.api.ApplyOptions;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Outcome.Ending;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlanExecutorTest {

  private static final ObjectKey KEY = new ObjectKey("default", "web");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(7);
  private final ScriptedApi api = ScriptedApi.on(environment);
  private final Expectations expectations = Expectations.withTicker(environment.ticker());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Action.Emit> events = new ArrayList<>();
  private final List<Action.Measure> measures = new ArrayList<>();
  private final List<String> requeued = new ArrayList<>();
  private final AtomicReference<Report> report = new AtomicReference<>();
  private final List<Report.Result> results = new ArrayList<>();
  private Fence fence = Fence.OPEN;
  private Cancellation cancellation = Cancellation.within(Fence.OPEN);

  private final PlanExecutor executor =
      PlanExecutor.named("test")
          .events(events::add)
          .measures(measures::add)
          .meters(meters)
          .maxInFlight(8)
          .create(api, environment);

  @Test
  void fillsInHowLongTheRunHasTaken() {
    api.after(request -> Optional.of(Duration.ofMillis(500)));
    Action.Measure elapsed = Action.Measure.elapsed("seconds", Map.of("code", "200"), "duration");

    run(Plan.of(Action.create(Pods.TYPE, Pods.named("a"), "missing"), elapsed));

    assertThat(measures).containsExactly(elapsed.withValue(0.5));
  }

  @Test
  void carriesOutEveryKindOfActionInOrder() {
    Pod pod = Pods.named("a");
    Plan plan =
        Plan.of(
            Action.create(Pods.TYPE, pod, "missing"),
            Action.fetch(Pods.TYPE, ObjectKey.of(pod), "look"),
            Action.updateStatus(Pods.TYPE, pod, "status differs"),
            Action.apply(Pods.TYPE, pod, "me", "fields differ").forced(),
            Action.delete(Pods.TYPE, pod, "too many"),
            new Action.Emit(
                pod, Pods.TYPE, Action.Severity.NORMAL, "Gone", "it is gone", "tell the user"),
            new Action.Enqueue(new ObjectKey("default", "b"), Duration.ofSeconds(3), "neighbour"),
            new Action.Measure("ratio", 0.5, Map.of(), "age"));

    Outcome outcome = run(plan.then(this::keep).ending(Verdict.DONE));

    assertThat(outcome).isEqualTo(Outcome.decided(Verdict.DONE));
    assertThat(api.requests())
        .extracting(Object::toString)
        .containsExactly(
            "create pods default/a",
            "get pods default/a",
            "update pods/status default/a",
            "apply pods default/a",
            "delete pods default/a");
    assertThat(api.requests("apply").get(0).body()).isEqualTo(new ApplyOptions("me", true));
    assertThat(report.get().deleted()).hasSize(1);
    assertThat(report.get().allApplied()).isTrue();
    assertThat(report.get().applied().get(1).answer()).isSameAs(pod);
    assertThat(events).extracting(Action.Emit::reason).containsExactly("Gone");
    assertThat(requeued).containsExactly("default/b PT3S");
    assertThat(measures).extracting(Action.Measure::meter).containsExactly("ratio");
    assertThat(count("create", "applied")).isEqualTo(1);
  }

  @Test
  void sequentialStopsAtTheFirstRejectionAndKeepGoingDoesNot() {
    api.answering(r -> failing(r, "b"));

    run(plan(Stage.sequential(creates("a", "b", "c"))));
    assertThat(shape()).isEqualTo("A R S");

    run(plan(Stage.keepGoing(creates("d", "b", "c"))));
    assertThat(shape()).isEqualTo("A R A");
    assertThat(api.mostInFlight()).isEqualTo(1);
  }

  @Test
  void parallelKeepsWithinTheBoundAndTriesAll() {
    api.after(r -> Optional.of(Duration.ofMillis(r.key().hashCode() & 7)))
        .answering(r -> failing(r, "p3"));

    run(plan(Stage.parallel(creates(names(30)))));

    assertThat(api.requests()).hasSize(30);
    assertThat(api.mostInFlight()).isEqualTo(8);
    assertThat(report.get().rejected()).hasSize(1);
    assertThat(report.get().results())
        .extracting(r -> nameOf(r.action()))
        .containsExactly(names(30));
  }

  @Test
  @DisplayName("T-81 slow start: an error at call 6 of 100 ends it after batches of 1, 2, 4")
  void slowStartEndsWithTheFirstBatchThatFails() {
    api.answering(r -> failing(r, "p5"));
    List<Action> creates = new ArrayList<>();
    for (String name : names(100)) {
      creates.add(Action.create(Pods.TYPE, Pods.named(name), "too few").expecting());
    }
    AtomicReference<Boolean> satisfiedAtStart = new AtomicReference<>(true);
    api.after(
        r -> {
          satisfiedAtStart.set(expectations.satisfied(KEY));
          return Optional.of(Duration.ofMillis(1));
        });

    run(plan(Stage.slowStart(creates)));

    assertThat(satisfiedAtStart.get()).isFalse();
    assertThat(api.requests()).hasSize(7);
    assertThat(report.get().applied()).hasSize(6);
    assertThat(report.get().rejected()).hasSize(1);
    assertThat(report.get().skipped()).hasSize(93);
    expectations.creationsObserved(KEY, 5);
    assertThat(expectations.satisfied(KEY)).isFalse();
    expectations.creationObserved(KEY);
    assertThat(expectations.satisfied(KEY)).isTrue();
  }

  @Test
  void batchesOfASlowStartDoubleWithinTheBound() {
    List<Integer> sizes = new ArrayList<>();
    AtomicInteger sinceTick = new AtomicInteger();
    api.after(
        r -> {
          sinceTick.incrementAndGet();
          return Optional.of(Duration.ofMillis(1));
        });
    CompletableFuture<Outcome> outcome =
        executor.run(newRun(), plan(Stage.slowStart(creates(names(20)))));
    environment.run();
    while (!outcome.isDone()) {
      sizes.add(sinceTick.getAndSet(0));
      environment.advance(Duration.ofMillis(1));
    }

    assertThat(sizes).containsExactly(1, 2, 4, 8, 5);
  }

  @Test
  void deletionOfWhatIsGoneIsASuccessAndLowersTheExpectation() {
    Pod pod = Pods.named("gone");

    Outcome outcome =
        run(Plan.of(Action.delete(Pods.TYPE, pod, "too many").expecting()).then(this::keep));

    assertThat(report.get().allApplied()).isTrue();
    assertThat(report.get().deleted()).isEmpty();
    assertThat(count("delete", "gone")).isEqualTo(1);
    assertThat(outcome).isEqualTo(Outcome.decided(Verdict.DONE));
    assertThat(expectations.satisfied(KEY)).isTrue();
  }

  @Test
  void deletionNamesTheUidSeenAndStaysExpectedUntilObserved() {
    Pod pod = Pods.named("a");
    run(Plan.of(Action.create(Pods.TYPE, pod, "too few")));

    run(Plan.of(Action.delete(Pods.TYPE, pod, "too many").expecting()));

    assertThat(api.requests("delete").get(0).body()).hasFieldOrPropertyWithValue("uid", "uid-a");
    assertThat(expectations.satisfied(KEY)).isFalse();
    expectations.deletionObserved(KEY, ObjectKey.of(pod));
    assertThat(expectations.satisfied(KEY)).isTrue();
  }

  @Test
  void laterStagesOfARunAddToTheExpectationsOfEarlierOnes() {
    Plan plan =
        Plan.of(Stage.parallel(List.of(expected("a"))), Stage.parallel(List.of(expected("b"))));

    run(plan);

    expectations.creationObserved(KEY);
    assertThat(expectations.satisfied(KEY)).isFalse();
    expectations.creationObserved(KEY);
    assertThat(expectations.satisfied(KEY)).isTrue();
  }

  @Test
  void aTerminatingNamespaceEndsTheBatchesQuietlyAndKeepsTheKeyWaiting() {
    ApiError refused =
        new ApiError(
            Kind.FORBIDDEN,
            403,
            "Forbidden",
            "namespace is being terminated",
            List.of(new ApiError.Cause("NamespaceTerminating", "", "")),
            null);
    api.rejecting("create", refused);

    Outcome outcome = run(Plan.of(Stage.slowStart(List.of(expected("a"), expected("b")))));

    assertThat(outcome).isEqualTo(Outcome.decided(Verdict.DONE));
    assertThat(api.requests()).hasSize(1);
    assertThat(expectations.satisfied(KEY)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "CONFLICT, CONFLICTED",
    "INVALID, REJECTED",
    "FORBIDDEN, REJECTED",
    "TOO_MANY_REQUESTS, REJECTED",
    "BROKEN, REJECTED",
    "ALREADY_EXISTS, REJECTED",
    "FENCED, STOPPED",
    "CLOSED, STOPPED"
  })
  void withoutThenTheKindOfErrorDecidesHowTheRunEnds(Kind kind, Ending ending) {
    api.rejecting("create", ScriptedApi.error(kind));

    Outcome outcome = run(Plan.of(Stage.keepGoing(creates("a", "b"))));

    assertThat(outcome.ending()).isEqualTo(ending);
    if (ending == Ending.STOPPED) {
      assertThat(outcome.verdict()).isEqualTo(Verdict.after(PlanRun.STOPPED_RECHECK));
      assertThat(api.requests()).hasSize(1);
    } else {
      assertThat(outcome.verdict())
          .isEqualTo(
              Verdict.retry("cannot create pods default/a: scripted " + kind + " (and 1 more)"));
    }
  }

  @Test
  void theServersOwnWaitingTimeIsKept() {
    Duration wait = Duration.ofSeconds(17);
    api.rejecting(
        "create", new ApiError(Kind.TOO_MANY_REQUESTS, 429, "", "slow down", List.of(), wait));

    assertThat(run(Plan.of(creates("a").get(0))).verdict())
        .isEqualTo(new Verdict.Retry("cannot create pods default/a: slow down", wait));
  }

  @Test
  void aClosedFenceSendsNothingMoreAndCallsNoFunction() {
    AtomicInteger asked = new AtomicInteger();
    fence = () -> asked.incrementAndGet() > 3 ? Optional.of("not leading") : Optional.empty();
    List<Action> creates = List.of(expected("a"), expected("b"), expected("c"));

    Outcome outcome = run(plan(Stage.sequential(creates)));

    assertThat(outcome.ending()).isEqualTo(Ending.STOPPED);
    assertThat(api.requests()).hasSize(2);
    assertThat(report.get()).isNull();
    expectations.creationsObserved(KEY, 2);
    assertThat(expectations.satisfied(KEY)).isTrue();
    assertThat(count("create", "skipped")).isEqualTo(1);
  }

  @Test
  void aCancelledRunWaitsForNoAnswerAndSendsNothingMore() {
    api.after(r -> Optional.empty());
    CompletableFuture<Outcome> outcome =
        executor.run(
            newRun(),
            plan(Stage.parallel(creates("a", "b"))).then(r -> Plan.of(creates("c").get(0))));
    environment.run();
    assertThat(outcome).isNotDone();

    assertThat(cancellation.cancel("too long")).isTrue();
    assertThat(cancellation.cancel("again")).isFalse();
    environment.run();

    assertThat(outcome.join().ending()).isEqualTo(Ending.STOPPED);
    assertThat(api.requests()).hasSize(2);
    assertThat(results).hasSize(2).allMatch(Report.Rejected.class::isInstance);
    assertThat(cancellation.closedBecause()).hasValue("too long");
  }

  @Test
  void turnsFollowEachOtherThroughThenAndTheLastVerdictCounts() {
    Outcome outcome = run(countdown(Plan.MAX_TURNS - 1));

    assertThat(outcome).isEqualTo(Outcome.decided(Verdict.after(Duration.ofSeconds(5))));
    assertThat(api.requests()).hasSize(Plan.MAX_TURNS);
  }

  @Test
  void moreTurnsThanAllowedFailLoudly() {
    Outcome outcome = run(countdown(Plan.MAX_TURNS));

    assertThat(outcome.ending()).isEqualTo(Ending.CRASHED);
    assertThat(outcome.verdict().toString())
        .contains(Plan.MAX_TURNS + " turns")
        .contains("must come to an end");
    assertThat(api.requests()).hasSize(Plan.MAX_TURNS);
  }

  @ParameterizedTest
  @EnumSource(Thrown.class)
  @DisplayName("T-91 a function that throws, an Error too, ends the run and nothing else")
  void aFunctionThatThrowsEndsTheRunAndNothingElse(Thrown thrown) {
    Outcome outcome = run(Plan.of(creates("a").get(0)).then(r -> thrown.raise()));

    assertThat(outcome.ending()).isEqualTo(Ending.CRASHED);
    assertThat(outcome.crash()).isNotNull();
    assertThat(outcome.verdict()).isInstanceOf(Verdict.Retry.class);
    assertThat(run(Plan.of(creates("b").get(0)))).isEqualTo(Outcome.decided(Verdict.DONE));
  }

  @Test
  void aThenThatGivesNullIsAProgrammingError() {
    assertThat(run(Plan.of(creates("a").get(0)).then(r -> null)).ending())
        .isEqualTo(Ending.CRASHED);
  }

  @Test
  void aSinkThatThrowsRejectsItsActionOnly() {
    PlanExecutor broken =
        PlanExecutor.named("test")
            .measures(
                m -> {
                  throw new IllegalStateException("no such meter");
                })
            .create(api, environment);
    CompletableFuture<Outcome> outcome =
        broken.run(newRun(), Plan.of(new Action.Measure("x", 1, Map.of(), "count")));
    environment.run();

    assertThat(outcome.join().ending()).isEqualTo(Ending.REJECTED);
  }

  @Test
  void aPlanWithoutActionsEndsAtOnce() {
    assertThat(executor.run(newRun(), Plan.NOTHING))
        .isCompletedWithValue(Outcome.decided(Verdict.DONE));
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void thousandsOfStagesAndActionsNeedNoDeepStack() {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      stages.add(Stage.sequential(List.of(new Action.Measure("m" + i, 1, Map.of(), "count"))));
    }

    assertThat(run(new Plan(stages, null, Verdict.DONE)).ending()).isEqualTo(Ending.DECIDED);
    assertThat(measures).hasSize(20_000);
  }

  @Test
  void closingRemovesTheMeters() {
    run(Plan.of(creates("a").get(0)));
    executor.close();

    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void refusesABoundBelowOne() {
    assertThatThrownBy(() -> PlanExecutor.named("x").maxInFlight(0))
        .hasMessage("executor x: maxInFlight is 0, allowed: 1 or more");
  }

  private enum Thrown {
    EXCEPTION,
    ERROR,
    OUT_OF_MEMORY;

    private Plan raise() {
      switch (this) {
        case EXCEPTION -> throw new IllegalStateException("scripted");
        case ERROR -> throw new AssertionError("scripted");
        case OUT_OF_MEMORY -> throw new OutOfMemoryError("scripted");
      }
      return Plan.NOTHING;
    }
  }

  private Outcome run(Plan plan) {
    CompletableFuture<Outcome> outcome = executor.run(newRun(), plan);
    environment.advance(Duration.ofSeconds(1));
    assertThat(outcome).isDone();
    return outcome.join();
  }

  private Run newRun() {
    cancellation = Cancellation.within(() -> fence.closedBecause());
    return new Run(
        KEY, "1", expectations, cancellation, (k, d) -> requeued.add(k + " " + d), results::add);
  }

  private Plan plan(Stage stage) {
    return Plan.of(stage).then(this::keep);
  }

  private Plan keep(Report seen) {
    report.set(seen);
    return Plan.NOTHING;
  }

  private static Plan countdown(int left) {
    Plan plan =
        Plan.of(creates("turn-" + left).get(0)).ending(Verdict.after(Duration.ofSeconds(5)));
    return left == 0 ? plan : plan.then(r -> countdown(left - 1));
  }

  private static Action.Create<Pod> expected(String name) {
    return Action.create(Pods.TYPE, Pods.named(name), "too few").expecting();
  }

  private static List<Action> creates(String... names) {
    List<Action> creates = new ArrayList<>();
    for (String name : names) {
      creates.add(Action.create(Pods.TYPE, Pods.named(name), "too few"));
    }
    return creates;
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "p" + i).toArray(String[]::new);
  }

  private static String nameOf(Action action) {
    return ((Action.Create<?>) action).object().getMetadata().getName();
  }

  private static Optional<ApiError> failing(ScriptedApi.Request request, String name) {
    return request.key().name().equals(name)
        ? Optional.of(ScriptedApi.error(Kind.INVALID))
        : Optional.empty();
  }

  private String shape() {
    return String.join(
        " ",
        report.get().results().stream()
            .map(r -> r.getClass().getSimpleName().substring(0, 1))
            .toList());
  }

  private double count(String action, String result) {
    Counter counter =
        meters.find(ActionMeters.ACTIONS).tags("action", action, "result", result).counter();
    return counter == null ? 0 : counter.count();
  }
}
