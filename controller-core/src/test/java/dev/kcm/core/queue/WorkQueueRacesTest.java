package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Producers, workers and shutdown at the same time, in a thousand interleavings each. */
final class WorkQueueRacesTest {

  private static final int SEEDS = 1_000;

  @Test
  @DisplayName("T-50 no key is with two workers, and each is handed out after its last add")
  void noKeyIsLostOrWithTwoWorkers() {
    Seeds.each(
        "keys and workers",
        1,
        SEEDS,
        seed -> {
          World world = new World(seed);
          int keys = 1 + world.random.nextInt(5);
          for (int producer = 0; producer < 4; producer++) {
            for (int i = 0; i < 15; i++) {
              world.later(() -> world.add("key-" + world.random.nextInt(keys)));
            }
          }
          // The longest back-off is 1000 s.
          world.environment.advance(Duration.ofMinutes(30));
          assertThat(world.seen).isEqualTo(world.version);
        });
  }

  @Test
  @DisplayName("T-51 any number of adds while a key is with a worker make one more round")
  void addsInWorkMakeOneMoreRound() {
    Seeds.each(
        "adds in work",
        1,
        SEEDS,
        seed -> {
          World world = new World(seed);
          world.queue.add("a");
          WorkQueue.Item<String> first = world.queue.poll().orElseThrow();
          int adds = 1 + world.random.nextInt(20);
          for (int i = 0; i < adds; i++) {
            world.executor.execute(() -> world.queue.add("a"));
          }
          world.environment.run();
          assertThat(world.queue.poll()).isEmpty();
          first.close();
          WorkQueue.Item<String> second = world.queue.poll().orElseThrow();
          first.close();
          second.close();
          assertThat(world.queue.poll()).isEmpty();
        });
  }

  @Test
  @DisplayName("T-53 all of 200 delayed keys of 32 producers arrive once, a thousand times")
  void allDelayedKeysArrive() {
    Seeds.each(
        "delayed keys",
        1,
        SEEDS,
        seed -> {
          VirtualEnvironment environment = VirtualEnvironment.seeded(seed);
          WorkQueue<Integer> queue = WorkQueues.unnamed().create(environment);
          Random random = new Random(seed);
          List<Integer> arrived = new ArrayList<>();
          queue.onReady(
              () ->
                  queue
                      .poll()
                      .ifPresent(
                          item -> {
                            arrived.add(item.key());
                            item.close();
                          }));
          Executor producers = environment.executor("producer");
          for (int key = 0; key < 200; key++) {
            int number = key;
            Duration delay = Duration.ofNanos(random.nextInt(50_000_000));
            environment
                .timers()
                .schedule(
                    Duration.ofMillis(random.nextInt(7)),
                    producers,
                    () -> queue.addAfter(number, delay));
          }
          environment.advance(Duration.ofMillis(60));
          assertThat(arrived).hasSize(200).doesNotHaveDuplicates();
          assertThat(environment.hasWork()).isFalse();
        });
  }

  @Test
  @DisplayName("T-57 a shutdown among adds, delays, work and drains leaves nobody waiting")
  void shutDownLeavesNobodyWaiting() {
    Seeds.each(
        "shutdown",
        1,
        SEEDS,
        seed -> {
          World world = new World(seed);
          List<CompletableFuture<List<String>>> drains = new ArrayList<>();
          for (int i = 0; i < 30; i++) {
            world.later(() -> world.add("key-" + world.random.nextInt(4)));
          }
          for (int i = 0; i < 2; i++) {
            world.later(
                () ->
                    drains.add(
                        world.queue.drainAsync(
                            Duration.ofMinutes(1),
                            world.random.nextBoolean()
                                ? WorkQueue.ReAdds.ACCEPTED
                                : WorkQueue.ReAdds.IGNORED)));
            world.later(world.queue::shutDown);
          }
          world.environment.advance(Duration.ofMinutes(5));
          assertThat(drains)
              .hasSize(2)
              .allSatisfy(drain -> assertThat(drain).isCompletedWithValue(List.of()));
          assertThat(world.queue.isShutDown()).isTrue();
          assertThat(world.queue.poll()).isEmpty();
          assertThat(world.inWork).isEmpty();
          assertThat(world.environment.hasWork()).isFalse();
        });
  }

  /** A queue with three workers, each of which takes its time. Confined to the test's thread. */
  private static final class World {

    private final Random random;
    private final VirtualEnvironment environment;
    private final Executor executor;
    private final WorkQueue<String> queue;
    private final Map<String, Integer> version = new HashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Set<String> inWork = new HashSet<>();

    private World(long seed) {
      random = new Random(seed);
      environment = VirtualEnvironment.seeded(seed);
      executor = environment.executor("world");
      WorkQueues.Builder<Object> settings = WorkQueues.unnamed();
      queue = (random.nextBoolean() ? settings.prioritized() : settings).create(environment);
      queue.onReady(() -> executor.execute(this::work));
    }

    private void later(Runnable task) {
      environment.timers().schedule(Duration.ofMillis(random.nextInt(3000)), executor, task);
    }

    private void add(String key) {
      if (!queue.isShutDown()) {
        version.merge(key, 1, Integer::sum);
      }
      int priority = -random.nextInt(3) * 50;
      switch (random.nextInt(3)) {
        case 0 -> queue.addAfter(key, Duration.ofMillis(random.nextInt(2000)), priority);
        case 1 -> queue.addRateLimited(key, priority);
        default -> queue.add(key, priority);
      }
    }

    private void work() {
      if (inWork.size() == 3) {
        environment.timers().schedule(Duration.ofMillis(10), executor, this::work);
        return;
      }
      queue.poll().ifPresent(this::workOn);
    }

    private void workOn(WorkQueue.Item<String> item) {
      assertThat(inWork.add(item.key())).as("one worker for " + item.key()).isTrue();
      seen.put(item.key(), version.getOrDefault(item.key(), 0));
      environment
          .timers()
          .schedule(
              Duration.ofMillis(random.nextInt(500)),
              executor,
              () -> {
                inWork.remove(item.key());
                item.close();
              });
    }
  }
}
