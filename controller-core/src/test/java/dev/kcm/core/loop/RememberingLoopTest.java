package dev.kcm.core.loop;

import static dev.kcm.core.loop.LoopWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.ScriptedApi;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The memory of a key is kept between runs, and only what a whole run wants kept. */
class RememberingLoopTest {

  private final LoopWorld world = new LoopWorld(2);
  private final List<Integer> given = new ArrayList<>();
  private Function<Pod, Plan> plan = pod -> Plan.NOTHING;

  private RunningLoop<Pod> started() {
    RememberingReconciler<Pod, Integer> counting = this::count;
    return world.start(world.builder().deciding(counting, 0).build());
  }

  private Turn<Integer> count(Pod pod, int memory, Instant now) {
    given.add(memory);
    return new Turn<>(plan.apply(pod), memory + 1);
  }

  private void event() {
    world.pods.put(LoopWorld.pod("a", "1"));
    world.environment.run();
  }

  @Test
  void eachRunIsGivenWhatTheLastOneWantedRemembered() {
    started();
    event();
    event();
    event();

    assertThat(given).containsExactly(0, 1, 2);
  }

  @Test
  void aVerdictOfItsOwnKeepsTheMemoryAndAnUnexpectedRejectionDoesNot() {
    started();
    plan = pod -> Plan.verdict(Verdict.drop("no"));
    event();
    plan = pod -> Plan.of(LoopWorld.update(pod));
    world.api.rejecting("update", ScriptedApi.error(Kind.CONFLICT));
    event();
    world.environment.advance(Duration.ofMillis(1500));
    plan = pod -> Plan.of(LoopWorld.update(pod)).then(report -> Plan.NOTHING);
    event();
    event();

    assertThat(given).containsExactly(0, 1, 1, 1, 2);
  }

  @Test
  void aCrashAndAClosedFenceKeepTheOldMemory() {
    started();
    event();
    plan =
        pod ->
            Plan.of(LoopWorld.update(pod))
                .then(
                    report -> {
                      throw new IllegalStateException("broken");
                    });
    event();
    plan = pod -> Plan.NOTHING;
    world.environment.advance(Duration.ofSeconds(2));

    assertThat(given).containsExactly(0, 1, 1);
  }

  @Test
  void anObjectThatIsGoneIsForgotten() {
    started();
    event();
    world.pods.delete(A);
    world.environment.run();
    event();

    assertThat(given).containsExactly(0, 0);
  }

  @Test
  void aLoopThatStartsAnewRemembersNothing() {
    RememberingReconciler<Pod, Integer> counting = this::count;
    Loop<Pod> loop = world.builder().deciding(counting, 0).build();
    RunningLoop<Pod> first = world.start(loop);
    event();
    event();
    first.stop(Duration.ZERO).join();
    world.start(loop);

    assertThat(given).containsExactly(0, 1, 0);
  }

  @Test
  void explainingSeesTheMemoryAndLeavesItAlone() {
    RunningLoop<Pod> loop = started();
    event();
    plan = pod -> Plan.verdict(Verdict.after(Duration.ofSeconds(given.get(given.size() - 1))));

    assertThat(loop.explain(A).text()).endsWith("look again after 1000 ms");
    assertThat(loop.explain(A).text()).endsWith("look again after 1000 ms");
  }

  @Test
  void aMemoryThatEqualsTheEmptyOneTakesNoRoom() {
    Decisions.Remembering<String, Integer> decisions =
        new Decisions.Remembering<>(
            (snapshot, memory, now) -> new Turn<>(Plan.NOTHING, snapshot.length()),
            0,
            new HashMap<>());
    decisions.decide(A, "abc", Instant.EPOCH).commit().run();
    assertThat(decisions.memoryByKey()).hasSize(1);

    decisions.decide(A, "", Instant.EPOCH).commit().run();
    assertThat(decisions.memoryByKey()).isEmpty();
  }
}
