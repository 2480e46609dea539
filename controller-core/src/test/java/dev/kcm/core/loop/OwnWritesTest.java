package dev.kcm.core.loop;

import static dev.kcm.core.loop.LoopWorld.A;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.run.Pods;
import dev.kcm.core.run.ScriptedApi;
import dev.kcm.core.time.Seeds;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A run never sees a state from before what the last run for its key wrote. */
class OwnWritesTest {

  private final LoopWorld world = new LoopWorld(5);
  private final List<String> runs = new ArrayList<>();
  private String written = "7";

  private RunningLoop<Pod> started(boolean readYourWrites) {
    world.pods.reach(5);
    return world.start(
        world
            .builder()
            .readYourWrites(readYourWrites)
            .deciding(
                (pod, now) -> {
                  runs.add(seconds() + " " + pod.getMetadata().getName());
                  return runs.size() == 1
                      ? Plan.of(LoopWorld.update(LoopWorld.pod("a", written)))
                      : Plan.NOTHING;
                })
            .build());
  }

  private long seconds() {
    return world.environment.ticker().nanos() / 1_000_000_000;
  }

  private void event(String name) {
    world.pods.put(LoopWorld.pod(name, "5"));
    world.environment.run();
  }

  @Test
  @DisplayName("T-90 an own write not yet in the cache: the key waits, and runs once it is there")
  void holdsTheKeyUntilTheCacheHasCaughtUp() {
    RunningLoop<Pod> loop = started(true);
    event("a");
    event("a");
    world.environment.advance(Duration.ofSeconds(3));
    event("a");

    assertThat(runs).containsExactly("0 a");
    assertThat(loop.inFlight()).isZero();
    assertThat(world.pods.awaited()).as("waits of one key").isEqualTo(1);
    assertThat(world.count(LoopMeters.HELD_BACK)).isEqualTo(2);

    world.pods.reach(6);
    world.environment.run();
    assertThat(runs).hasSize(1);
    world.pods.reach(7);
    world.environment.run();
    assertThat(runs).containsExactly("0 a", "3 a");
  }

  @Test
  @DisplayName("T-90 a cache that never catches up: the key runs after 30 s, with a warning")
  void opensAfterThirtySecondsWithAWarning() {
    started(true);
    List<ILoggingEvent> heard =
        LoopWorld.heard(
            OwnWrites.class,
            Level.INFO,
            () -> {
              event("a");
              world.environment.advance(Duration.ofSeconds(10));
              event("a");
              world.environment.advance(Duration.ofMinutes(5));
            });

    assertThat(runs).containsExactly("0 a", "30 a");
    assertThat(heard)
        .extracting(e -> e.getLevel() + " " + e.getFormattedMessage())
        .containsExactly(
            "WARN test default/a: the cache of pods (WATCHING) has not seen an own write within"
                + " 30 s; going on without");
  }

  @Test
  void aKeyThatNobodyAsksForCostsNoTimer() {
    started(true);
    event("a");
    world.environment.advance(Duration.ofMinutes(1));

    assertThat(world.pods.awaited()).isZero();
    assertThat(world.environment.hasWork()).isFalse();
    event("a");
    assertThat(runs).as("the time is over already").containsExactly("0 a", "60 a");
  }

  @Test
  void aVersionThatIsNoNumberHoldsNothing() {
    written = "not-a-number";
    started(true);
    event("a");
    event("a");

    assertThat(runs).hasSize(2);
  }

  @Test
  void otherKeysAreNotHeld() {
    started(true);
    event("a");
    event("b");

    assertThat(runs).containsExactly("0 a", "0 b");
  }

  @Test
  void canBeSwitchedOff() {
    started(false);
    event("a");
    event("a");

    assertThat(runs).hasSize(2);
  }

  @Test
  void readsAndRefusedWritesHoldNothing() {
    world.pods.reach(5);
    world.api.objects().put("pods default/a", LoopWorld.pod("a", "9"));
    world.api.rejecting("update", ScriptedApi.error(Kind.INVALID));
    world.start(
        world
            .builder()
            .deciding(
                (pod, now) -> {
                  runs.add("run");
                  Stage both =
                      Stage.keepGoing(
                          List.of(
                              Action.fetch(Pods.TYPE, A, "look"),
                              LoopWorld.update(LoopWorld.pod("a", "9"))));
                  return Plan.of(both).then(report -> Plan.NOTHING);
                })
            .build());
    event("a");
    event("a");

    assertThat(runs).hasSize(2);
  }

  @Test
  void noRunSeesLessThanItsOwnLastWriteWhateverTheOrder() {
    Seeds.each("own writes", 1, 1000, seed -> new Lagging(seed).play());
  }

  /** Writes bump a counter; the cache follows at random. */
  private static final class Lagging {

    private final Random random;
    private final LoopWorld world;
    private final Map<ObjectKey, Integer> lastWritten = new HashMap<>();
    private final List<Pod> unseen = new ArrayList<>();
    private final long seed;
    private int version;
    private int seenSoFar;
    private int runs;

    private Lagging(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.world = new LoopWorld(seed);
      world.api.after(r -> Optional.of(Duration.ofMillis(random.nextInt(20))));
      world.api.observing(request -> unseen.add((Pod) request.body()));
    }

    private void play() {
      world.pods.reach(0);
      RunningLoop<Pod> loop =
          world.start(world.builder().workers(3).deciding((pod, now) -> decide(pod)).build());
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(4)) {
          case 0 -> loop.enqueue(key(random.nextInt(3)));
          case 1 -> seeOne();
          case 2 -> world.environment.advance(Duration.ofMillis(random.nextInt(50)));
          default -> world.pods.put(LoopWorld.pod("p" + random.nextInt(3), current()));
        }
      }
      while (!unseen.isEmpty() || loop.inFlight() > 0) {
        seeOne();
        world.environment.advance(Duration.ofSeconds(1));
      }
      assertThat(runs).as("seed %d", seed).isPositive();
      assertThat(loop.inFlight()).as("seed %d", seed).isZero();
      assertThat(world.pods.awaited()).as("seed %d", seed).isZero();
    }

    private Plan decide(Pod pod) {
      runs++;
      ObjectKey key = ObjectKey.of(pod);
      assertThat(world.pods.hasReached(String.valueOf(lastWritten.getOrDefault(key, 0))))
          .as("seed %d: %s runs on a state from before its own write", seed, key)
          .isTrue();
      if (runs > 30 || random.nextInt(3) == 0) {
        return Plan.NOTHING;
      }
      lastWritten.put(key, ++version);
      return Plan.of(LoopWorld.update(LoopWorld.pod(key.name(), String.valueOf(version))));
    }

    /** The cache follows in the order of versions. */
    private void seeOne() {
      unseen.sort((a, b) -> Integer.compare(versionOf(a), versionOf(b)));
      if (!unseen.isEmpty()) {
        Pod next = unseen.remove(0);
        world.pods.put(next);
        world.pods.reach(Math.max(seenSoFar, versionOf(next)));
        seenSoFar = Math.max(seenSoFar, versionOf(next));
      }
      world.environment.run();
    }

    private String current() {
      return String.valueOf(seenSoFar);
    }

    private static int versionOf(Pod pod) {
      return Integer.parseInt(pod.getMetadata().getResourceVersion());
    }

    private static ObjectKey key(int number) {
      return new ObjectKey("default", "p" + number);
    }
  }
}
