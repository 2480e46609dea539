package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The queue against the simplest model of it, over random histories. */
final class WorkQueueModelTest {

  private static final int SEEDS = 2_000;
  private static final int STEPS = 120;

  @Test
  @DisplayName("T-50 queue and model agree after each step of random histories")
  void agreesWithTheModel() {
    Seeds.each("work queue against its model", 1, SEEDS, seed -> new History(seed).play());
  }

  /** What the contract says, in the most obvious data structures. */
  private static final class Model {

    private final ArrayDeque<String> queue = new ArrayDeque<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private final Set<String> processing = new LinkedHashSet<>();
    private final Map<String, Long> dueByKey = new LinkedHashMap<>();
    private boolean shutDown;
    private int becameReady;

    void add(String key) {
      if (!shutDown && dirty.add(key) && !processing.contains(key)) {
        ready(key);
      }
    }

    void addAfter(String key, long now, long delay) {
      if (shutDown) {
        return;
      }
      if (delay <= 0) {
        add(key);
        return;
      }
      Long due = dueByKey.get(key);
      if (due == null || now + delay < due) {
        // Removed first: what was asked for later comes later among equals.
        dueByKey.remove(key);
        dueByKey.put(key, now + delay);
      }
    }

    Optional<String> poll() {
      String key = queue.poll();
      if (key != null) {
        dirty.remove(key);
        processing.add(key);
      }
      return Optional.ofNullable(key);
    }

    void done(String key) {
      processing.remove(key);
      if (dirty.contains(key)) {
        ready(key);
      }
    }

    private void ready(String key) {
      queue.add(key);
      becameReady++;
    }

    void shutDown() {
      shutDown = true;
      dueByKey.clear();
    }

    void moveTo(long now) {
      dueByKey.entrySet().stream()
          .filter(entry -> entry.getValue() <= now)
          .sorted(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .toList()
          .forEach(
              key -> {
                dueByKey.remove(key);
                add(key);
              });
    }
  }

  private static final class History {

    private final Random random;
    private final VirtualEnvironment environment;
    private final WorkQueue<String> queue;
    private final Model model = new Model();
    private final Map<String, WorkQueue.Item<String>> held = new HashMap<>();
    private final List<WorkQueue.Item<String>> finished = new ArrayList<>();
    private final boolean endsEarly;
    private long now;
    private int announced;

    private History(long seed) {
      random = new Random(seed);
      environment = VirtualEnvironment.seeded(seed);
      queue = WorkQueues.unnamed().create(environment);
      queue.onReady(() -> announced++);
      endsEarly = random.nextInt(4) == 0;
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        step();
        check("size", queue.size(), model.queue.size());
        check("depth", ((DefaultWorkQueue<String>) queue).depth(), model.dirty.size());
        check("announced", announced, model.becameReady);
      }
      settle();
    }

    private void step() {
      String key = "key-" + random.nextInt(6);
      switch (random.nextInt(endsEarly ? 121 : 120) / 10) {
        case 0, 1, 2 -> {
          queue.add(key);
          model.add(key);
        }
        case 3, 4 -> {
          long delay = random.nextInt(6) - 1L;
          queue.addAfter(key, Duration.ofSeconds(delay));
          model.addAfter(key, now, delay);
        }
        case 5, 6, 7 -> poll();
        case 8, 9 -> done();
        case 10 -> advance(1 + random.nextInt(3));
        case 11 -> closeAgain();
        default -> {
          queue.shutDown();
          model.shutDown();
        }
      }
    }

    private static void check(String what, @Nullable Object actual, @Nullable Object expected) {
      // Not an AssertJ assertion: this is called a million times.
      if (!Objects.equals(actual, expected)) {
        assertThat(actual).as(what).isEqualTo(expected);
      }
    }

    private void poll() {
      Optional<WorkQueue.Item<String>> item = queue.poll();
      check("key", item.map(WorkQueue.Item::key), model.poll());
      item.ifPresent(taken -> check("worker of the key", held.put(taken.key(), taken), null));
    }

    private void done() {
      if (!held.isEmpty()) {
        List<String> keys = held.keySet().stream().sorted().toList();
        WorkQueue.Item<String> item = held.remove(keys.get(random.nextInt(keys.size())));
        item.close();
        model.done(item.key());
        finished.add(item);
      }
    }

    private void closeAgain() {
      if (!finished.isEmpty()) {
        finished.get(random.nextInt(finished.size())).close();
      }
    }

    private void advance(long seconds) {
      // One second at a time: keys that are due at different times keep that order.
      for (long i = 0; i < seconds; i++) {
        now++;
        environment.advance(Duration.ofSeconds(1));
        model.moveTo(now);
      }
    }

    /** Everything that was added is handed out after all, and the drain sees the end. */
    private void settle() {
      advance(10);
      var drained = queue.drainAsync(Duration.ofSeconds(1));
      model.shutDown();
      while (!model.queue.isEmpty() || !held.isEmpty()) {
        poll();
        done();
      }
      assertThat(queue.poll()).isEmpty();
      assertThat(drained).isCompletedWithValue(List.of());
      assertThat(announced).isEqualTo(model.becameReady);
    }
  }
}
