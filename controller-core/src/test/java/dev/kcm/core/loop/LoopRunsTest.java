package dev.kcm.core.loop;

import static dev.kcm.core.loop.LoopWorld.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What a run is given, how long it may take, and what is told of it. */
class LoopRunsTest {

  private final LoopWorld world = new LoopWorld(9);
  private final List<String> runs = new ArrayList<>();

  private Plan writing(Pod pod) {
    runs.add(world.environment.ticker().nanos() / 1_000_000_000 + "");
    return Plan.of(LoopWorld.update(pod), LoopWorld.update(pod));
  }

  @Test
  void aRunThatTakesTooLongIsCancelledCountedAndTriedAgain() {
    world.api.after(r -> Optional.empty());
    RunningLoop<Pod> loop =
        world.start(
            world
                .builder()
                .timeout(Duration.ofSeconds(5))
                .deciding((pod, now) -> writing(pod))
                .build());
    world.pods.put(LoopWorld.pod("a", "1"));
    List<ILoggingEvent> heard =
        LoopWorld.heard(
            KeyRuns.class, Level.INFO, () -> world.environment.advance(Duration.ofSeconds(20)));

    // After 5 s and a back-off of 1, then 2 s, and so on.
    assertThat(runs).containsExactly("0", "6", "13");
    assertThat(world.api.requests()).hasSize(3);
    assertThat(loop.inFlight()).isEqualTo(0);
    assertThat(world.count(LoopMeters.TIMEOUTS)).isEqualTo(3);
    assertThat(heard.get(0).getFormattedMessage())
        .isEqualTo("test default/a [1]: the run has taken PT5S; failures in a row: 1");
  }

  @Test
  void aRunThatIsInTimeIsLeftAlone() {
    world.api.after(r -> Optional.of(Duration.ofSeconds(2)));
    world.start(
        world
            .builder()
            .timeout(Duration.ofSeconds(5))
            .deciding((pod, now) -> writing(pod))
            .build());
    world.pods.put(LoopWorld.pod("a", "1"));
    world.environment.advance(Duration.ofMinutes(1));

    assertThat(runs).hasSize(1);
    assertThat(world.count(LoopMeters.TIMEOUTS)).isZero();
    assertThat(world.environment.hasWork()).isFalse();
  }

  @Test
  void refusesATimeoutThatIsNone() {
    assertThatThrownBy(() -> world.builder().timeout(Duration.ZERO))
        .hasMessage("loop test: timeout is PT0S, allowed: more than zero");
  }

  @Test
  @DisplayName("T-94 a lost lease cancels the run: no answer is waited for, nothing is written")
  void aStopWithoutGraceCancelsTheRunUnderWay() {
    world.api.after(r -> Optional.empty());
    AtomicReference<RunContext> context = new AtomicReference<>();
    RunningLoop<Pod> loop =
        world.start(
            world
                .builder()
                .reading(new ContextReader(context))
                .deciding((pod, now) -> writing(pod))
                .build());
    loop.enqueue(A);
    world.environment.run();
    assertThat(context.get().cancelledBecause()).isEmpty();

    var stopped = loop.stop(Duration.ZERO);
    world.environment.run();

    assertThat(stopped).isCompletedWithValue(List.of(A));
    assertThat(context.get().cancelledBecause()).hasValue("the loop test has been cancelled");
    assertThat(loop.inFlight()).isZero();
    assertThat(world.api.requests()).hasSize(1);
    world.environment.advance(Duration.ofMinutes(1));
    assertThat(runs).hasSize(1);
  }

  @Test
  void readersAreToldOfKeyAttemptIdAndTerm() {
    world.fence =
        new Fence() {
          @Override
          public Optional<String> closedBecause() {
            return Optional.empty();
          }

          @Override
          public Optional<String> term() {
            return Optional.of("lease-1/7");
          }
        };
    AtomicReference<RunContext> context = new AtomicReference<>();
    List<String> seen = new ArrayList<>();
    RunningLoop<Pod> loop =
        world.start(
            world
                .builder()
                .reading(new ContextReader(context))
                .deciding(
                    (pod, now) -> {
                      RunContext run = context.get();
                      seen.add(
                          run.key()
                              + " "
                              + run.attempt()
                              + " "
                              + run.id()
                              + " "
                              + run.settled()
                              + " "
                              + run.term().orElse("none"));
                      return seen.size() < 3 ? Plan.verdict(Verdict.retry("no")) : Plan.NOTHING;
                    })
                .build());
    loop.enqueue(A);
    world.environment.advance(Duration.ofSeconds(30));
    loop.enqueue(A);
    world.environment.run();

    assertThat(seen)
        .containsExactly(
            "default/a 1 1 true lease-1/7",
            "default/a 2 2 true lease-1/7",
            "default/a 3 3 true lease-1/7",
            "default/a 1 4 true lease-1/7");
  }

  @Test
  void theTimeTheServerAskedForReplacesTheBackOff() {
    ApiError busy =
        new ApiError(
            Kind.TOO_MANY_REQUESTS, 429, "", "slow down", List.of(), Duration.ofSeconds(17));
    world.api.rejecting("update", busy);
    world.start(world.builder().deciding((pod, now) -> writing(pod)).build());
    world.pods.put(LoopWorld.pod("a", "1"));
    world.environment.advance(Duration.ofSeconds(40));

    assertThat(runs).containsExactly("0", "17", "34");
  }

  @Test
  void whatTheLoopLogsOfARunCarriesItsFields() {
    world.start(
        world.builder().deciding((pod, now) -> Plan.verdict(Verdict.drop("hopeless"))).build());
    List<ILoggingEvent> heard =
        LoopWorld.heard(
            KeyRuns.class,
            Level.INFO,
            () -> {
              world.pods.put(LoopWorld.pod("a", "1"));
              world.environment.run();
            });

    assertThat(heard.get(0).getMDCPropertyMap())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("controller", "test", "key", "default/a", "reconcile", "1"));
    assertThat(MDC.get("key")).as("left behind").isNull();
  }

  @Test
  void readersAndReconcilersGetTheFieldsOnlyWhenAsked() {
    for (boolean asked : List.of(true, false)) {
      LoopWorld own = new LoopWorld(1);
      own.start(
          own.builder()
              .logFields(asked)
              .deciding(
                  (pod, now) -> {
                    runs.add(asked + " " + MDC.get("key"));
                    LoggerFactory.getLogger("operator").debug("decided");
                    return Plan.NOTHING;
                  })
              .build());
      own.pods.put(LoopWorld.pod("a", "1"));
      own.environment.run();
    }

    assertThat(runs).containsExactly("true default/a", "false null");
    assertThat(MDC.get("key")).isNull();
  }

  @Test
  void exportsTheMetersOfControllerRuntimeWhenAsked() {
    List<Plan> plans =
        List.of(
            Plan.NOTHING,
            Plan.verdict(Verdict.after(Duration.ofMillis(10))),
            Plan.verdict(Verdict.retry("no")),
            Plan.verdict(Verdict.drop("never")));
    RunningLoop<Pod> loop =
        world.start(
            world
                .builder()
                .workers(3)
                .runtimeMeters("controller_runtime")
                .deciding(
                    (pod, now) -> {
                      runs.add("run");
                      if (runs.size() > plans.size()) {
                        throw new IllegalStateException("broken");
                      }
                      return plans.get(runs.size() - 1);
                    })
                .build());
    for (int i = 0; i < 5; i++) {
      world.pods.put(LoopWorld.pod("a", "1"));
      world.environment.advance(Duration.ofMillis(1));
    }

    assertThat(runs).hasSize(5);
    assertThat(total("success")).isEqualTo(1);
    assertThat(total("requeue_after")).isEqualTo(1);
    assertThat(total("error")).isEqualTo(3);
    assertThat(total("requeue")).isZero();
    assertThat(world.count("controller_runtime_reconcile_errors_total")).isEqualTo(3);
    assertThat(world.count("controller_runtime_terminal_reconcile_errors_total")).isEqualTo(1);
    assertThat(world.count("controller_runtime_reconcile_panics_total")).isEqualTo(1);
    assertThat(world.count("controller_runtime_reconcile_timeouts_total")).isZero();
    assertThat(world.meters.get("controller_runtime_reconcile_time").timer().count()).isEqualTo(5);
    assertThat(world.meters.get("controller_runtime_max_concurrent_reconciles").gauge().value())
        .isEqualTo(3);
    loop.workers(7);
    assertThat(world.meters.get("controller_runtime_max_concurrent_reconciles").gauge().value())
        .isEqualTo(7);
    assertThat(world.meters.get("controller_runtime_active_workers").gauge().value()).isZero();

    loop.stop(Duration.ZERO).join();
    assertThat(world.meters.getMeters()).isEmpty();
  }

  @Test
  void hasNoMetersOfControllerRuntimeUnlessAsked() {
    world.start(world.builder().deciding((pod, now) -> Plan.NOTHING).build());

    assertThat(world.meters.getMeters())
        .extracting(m -> m.getId().getName())
        .noneMatch(name -> name.startsWith("controller_runtime"));
  }

  private double total(String result) {
    return world
        .meters
        .get("controller_runtime_reconcile_total")
        .tag("result", result)
        .counter()
        .count();
  }

  /** Notes the context. */
  private record ContextReader(AtomicReference<RunContext> context) implements Reader<Pod> {

    @Override
    public Optional<Pod> read(ObjectKey key, boolean settled) {
      throw new AssertionError("the loop asks with the context");
    }

    @Override
    public Optional<Pod> read(RunContext run) {
      context.set(run);
      return Optional.of(LoopWorld.pod(run.key().name(), "1"));
    }
  }
}
