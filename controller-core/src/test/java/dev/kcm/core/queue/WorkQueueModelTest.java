package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.queue.WorkQueue.ReAdds;
import dev.kcm.core.time.Seeds;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue against the simplest model of it, over random histories. */
final class WorkQueueModelTest {

  private static final int SEEDS = 2_000;
  private static final int STEPS = 120;
  private static final int[] PRIORITIES = {-100, -5, 0, 0, 3};

  @ParameterizedTest(name = "prioritized: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("T-50, T-58 queue and model agree after each step of random histories")
  void agreesWithTheModel(boolean prioritized) {
    Seeds.each(
        "work queue against its model, prioritized: " + prioritized,
        1,
        SEEDS,
        seed -> new History(seed, prioritized).play());
  }

  /** A key and what it was asked for with. Confined to the model. */
  private static final class Asked {

    private final String key;
    private int priority;
    private long due;
    private long turn;
    private long sequence;

    private Asked(String key, int priority) {
      this.key = key;
      this.priority = priority;
    }
  }

  /** What the contract says, in the most obvious data structures. Times are seconds. */
  private static final class Model {

    private final boolean prioritized;
    private final List<Asked> queue = new ArrayList<>();
    private final Map<String, Asked> dirty = new LinkedHashMap<>();
    private final Set<String> processing = new LinkedHashSet<>();
    private final Map<String, Asked> dueByKey = new LinkedHashMap<>();
    private boolean shutDown;
    private boolean acceptsReAdds;
    private int becameReady;
    private long sequence;
    private long now;

    private Model(boolean prioritized) {
      this.prioritized = prioritized;
    }

    void add(String key, int priority) {
      if (accepts(key)) {
        addNow(key, priority);
      }
    }

    private boolean accepts(String key) {
      return !shutDown || (acceptsReAdds && processing.contains(key));
    }

    private void addNow(String key, int priority) {
      Asked present = dirty.get(key);
      if (present == null) {
        Asked asked = new Asked(key, priority);
        dirty.put(key, asked);
        if (!processing.contains(key)) {
          ready(asked);
        }
      } else if (priority > present.priority) {
        present.priority = priority;
        if (queue.contains(present) && turn(priority) < present.turn) {
          present.turn = turn(priority);
          present.sequence = sequence++;
        }
      }
    }

    /** A level of priority is worth a second. */
    private long turn(int priority) {
      return prioritized ? now - priority : 0;
    }

    void addAfter(String key, long delay, int priority) {
      if (delay <= 0) {
        add(key, priority);
        return;
      }
      if (!accepts(key)) {
        return;
      }
      Asked asked = dueByKey.get(key);
      if (asked == null) {
        asked = new Asked(key, priority);
        asked.due = Long.MAX_VALUE;
        dueByKey.put(key, asked);
      }
      asked.priority = Math.max(asked.priority, priority);
      if (now + delay < asked.due) {
        asked.due = now + delay;
        asked.sequence = sequence++;
      }
    }

    Optional<String> poll() {
      Optional<Asked> first =
          queue.stream()
              .min(
                  Comparator.comparingLong((Asked asked) -> asked.turn)
                      .thenComparingLong(asked -> asked.sequence));
      first.ifPresent(
          asked -> {
            queue.remove(asked);
            dirty.remove(asked.key);
            processing.add(asked.key);
          });
      return first.map(asked -> asked.key);
    }

    void done(String key) {
      processing.remove(key);
      Asked again = dirty.get(key);
      if (again != null) {
        ready(again);
      }
    }

    private void ready(Asked asked) {
      asked.turn = turn(asked.priority);
      asked.sequence = sequence++;
      queue.add(asked);
      becameReady++;
    }

    void shutDown() {
      if (!shutDown) {
        dueByKey.clear();
      }
      shutDown = true;
    }

    boolean isEmpty() {
      return dirty.isEmpty() && processing.isEmpty() && dueByKey.isEmpty();
    }

    void moveTo(long newNow) {
      now = newNow;
      dueByKey.values().stream()
          .filter(asked -> asked.due <= now)
          .sorted(
              Comparator.comparingLong((Asked asked) -> asked.due)
                  .thenComparingLong(asked -> asked.sequence))
          .toList()
          .forEach(
              asked -> {
                dueByKey.remove(asked.key);
                addNow(asked.key, asked.priority);
              });
    }
  }

  private static final class History {

    private final Random random;
    private final VirtualEnvironment environment;
    private final WorkQueue<String> queue;
    private final Model model;
    private final Map<String, WorkQueue.Item<String>> held = new HashMap<>();
    private final List<WorkQueue.Item<String>> finished = new ArrayList<>();
    private final boolean endsEarly;
    private long now;
    private int announced;

    private History(long seed, boolean prioritized) {
      random = new Random(seed);
      environment = VirtualEnvironment.seeded(seed);
      WorkQueues.Builder<Object> settings = WorkQueues.unnamed();
      queue = (prioritized ? settings.prioritized() : settings).create(environment);
      model = new Model(prioritized);
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
          int priority = priority();
          queue.add(key, priority);
          model.add(key, priority);
        }
        case 3, 4 -> {
          long delay = random.nextInt(6) - 1L;
          int priority = priority();
          queue.addAfter(key, Duration.ofSeconds(delay), priority);
          model.addAfter(key, delay, priority);
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

    private int priority() {
      return PRIORITIES[random.nextInt(PRIORITIES.length)];
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
      var reAdds = random.nextBoolean() ? ReAdds.ACCEPTED : ReAdds.IGNORED;
      var drained = queue.drainAsync(Duration.ofHours(1), reAdds);
      model.shutDown();
      model.acceptsReAdds = reAdds == ReAdds.ACCEPTED && !model.isEmpty();
      for (int steps = 0; !model.isEmpty(); steps++) {
        check("drained", drained.isDone(), false);
        if (steps < STEPS && random.nextBoolean()) {
          step();
        } else {
          poll();
          done();
          advance(1);
        }
      }
      assertThat(queue.poll()).isEmpty();
      assertThat(drained).isCompletedWithValue(List.of());
      assertThat(announced).isEqualTo(model.becameReady);
    }
  }
}
