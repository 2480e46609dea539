package dev.kcm.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Outcome;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is shown of a loop at work. */
class LoopStateTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final LoopWorld world = new LoopWorld(4);

  private RunningLoop<Pod> loop(int workers) {
    return world.start(
        world
            .builder()
            .workers(workers)
            .deciding(
                (pod, now) ->
                    switch (pod.getMetadata().getName()) {
                      case "idle" -> Plan.NOTHING;
                      case "late" -> Plan.verdict(Verdict.after(Duration.ofMinutes(5)));
                      default -> Plan.of(LoopWorld.update(pod));
                    })
            .build());
  }

  @Test
  void showsWhatWaitsWhatRunsAndWhatRan() {
    world.api.after(
        r -> r.key().name().equals("slow") ? Optional.empty() : Optional.of(Duration.ofMillis(7)));
    world.api.answering(
        r -> r.key().name().equals("bad") ? Optional.of(refusal()) : Optional.empty());
    RunningLoop<Pod> loop = loop(1);
    for (String name : List.of("late", "idle", "bad", "good", "slow", "ready")) {
      world.pods.put(LoopWorld.pod(name, "1"));
      world.environment.advance(Duration.ofMillis(20));
    }
    loop.enqueue(new ObjectKey("default", "gone"));
    world.environment.advance(Duration.ofMillis(80));

    LoopState state = loop.state();
    assertThat(state.waitingBecause()).isNull();
    assertThat(state.depth()).as("ready and gone").isEqualTo(2);
    assertThat(state.delayed()).as("late and bad").isEqualTo(2);
    assertThat(state.inFlight())
        .containsExactly(
            new LoopState.InFlight(
                new ObjectKey("default", "slow"),
                "5",
                START.plusMillis(80),
                Duration.ofMillis(120)));
    assertThat(state.recent())
        .extracting(run -> run.key().name())
        .containsExactly("good", "bad", "idle", "late");
    LoopState.LastRun bad = state.recent().get(1);
    assertThat(bad.plan())
        .containsExactly("sequential:", "  update pods default/bad: differs", "verdict: done");
    assertThat(bad.ending()).isEqualTo(Outcome.Ending.REJECTED);
    assertThat(bad.error()).hasValue("cannot update pods default/bad: scripted FORBIDDEN");
    assertThat(bad.ended()).isEqualTo(START.plusMillis(47));
    assertThat(bad.took()).hasMillis(7);
    assertThat(state.failure()).isEqualTo(bad);
    assertThat(state.recent().get(3).verdict()).isEqualTo(Verdict.after(Duration.ofMinutes(5)));
    assertThat(state.text())
        .startsWith(
            "test: depth 2, delayed 2, in flight 1 of 1\n  in flight:\n    default/slow [5]")
        .contains("  last failure:\n    default/bad [3] at 2026-01-01T00:00:00.047Z, took 7 ms\n")
        .contains("      ended: verdict: look again after 300000 ms\n");
  }

  private static ApiError refusal() {
    return ScriptedApi.error(Kind.FORBIDDEN);
  }

  @Test
  void aKeyIsShownByItsLastRunAndAnObjectThatIsGoneSaysSo() {
    RunningLoop<Pod> loop = loop(2);
    world.pods.put(LoopWorld.pod("idle", "1"));
    world.environment.advance(Duration.ofSeconds(1));
    loop.enqueue(new ObjectKey("default", "idle"));
    loop.enqueue(new ObjectKey("default", "gone"));
    world.environment.run();

    assertThat(loop.state().recent())
        .extracting(LoopState.LastRun::key, LoopState.LastRun::plan)
        .containsExactlyInAnyOrder(
            tuple(new ObjectKey("default", "idle"), List.of("nothing to do", "verdict: done")),
            tuple(new ObjectKey("default", "gone"), List.of("no such object")));
  }

  @Test
  void remembersABoundedNumberOfKeysAndOfHugePlansTheirSizeAlone() {
    RecentRuns recent = new RecentRuns();
    for (int i = 0; i < 10_000; i++) {
      recent.note(key(i), "" + i, Plan.NOTHING, Outcome.decided(Verdict.DONE), i, 1);
    }
    Action action = LoopWorld.update(Pods.named("a"));
    Plan huge = Plan.of(Stage.keepGoing(Collections.nCopies(500, action)));
    recent.note(key(0), "huge", huge, Outcome.decided(Verdict.DONE), 10_000, 1);
    List<LoopState.LastRun> runs = recent.list(10_000, START);

    assertThat(runs).hasSize(RecentRuns.KEYS);
    assertThat(runs.get(0).plan()).containsExactly("500 actions");
    assertThat(runs.get(1).key()).isEqualTo(key(9_999));
    assertThat(recent.lastFailure(10_000, START)).isEmpty();
  }

  @Test
  void aLoopThatWaitsForItsCachesSaysWhatFor() {
    RunningLoop<Pod> loop =
        world.builder().deciding((pod, now) -> Plan.NOTHING).build().start(world.host());
    assertThat(loop.state().waitingBecause()).startsWith("waiting for pods");
    assertThat(loop.state().text()).contains("in flight 0 of 1\n  waiting for pods");
  }

  private static ObjectKey key(int i) {
    return new ObjectKey("default", "pod-" + i);
  }
}
