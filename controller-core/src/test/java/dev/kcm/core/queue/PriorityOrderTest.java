package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which key is next in a queue with priorities, or with an order of the caller's. */
final class PriorityOrderTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final WorkQueue<String> queue = WorkQueues.unnamed().prioritized().create(environment);

  @Test
  void higherPrioritiesGoFirstAndEqualOnesInTheOrderTheyBecameReady() {
    queue.add("background-1", Priority.BACKGROUND);
    queue.add("normal-1");
    queue.add("background-2", Priority.BACKGROUND);
    queue.add("urgent", 7);
    queue.add("normal-2");
    assertThat(takeAll())
        .containsExactly("urgent", "normal-1", "normal-2", "background-1", "background-2");
  }

  @Test
  void withoutPrioritiesTheyAreRememberedButDoNotOrder() {
    WorkQueue<String> fifo = WorkQueues.unnamed().create(environment);
    fifo.add("a", Priority.BACKGROUND);
    fifo.add("b", 5);
    WorkQueue.Item<String> a = fifo.poll().orElseThrow();
    assertThat(a.key()).isEqualTo("a");
    assertThat(a.priority()).isEqualTo(Priority.BACKGROUND);
  }

  @Test
  @DisplayName("T-58 a key raised while it waits goes to the tail of its new level")
  void aRaisedKeyGoesToTheTailOfItsLevel() {
    queue.add("low", Priority.BACKGROUND);
    queue.add("a");
    queue.add("low", Priority.NORMAL);
    queue.add("b");
    queue.add("b", Priority.BACKGROUND);
    assertThat(takeAll()).containsExactly("a", "low", "b");
  }

  @Test
  @DisplayName("T-58 a raise takes nothing away from a key that has waited longer than it is worth")
  void aRaiseDoesNotSetAnOldKeyBack() {
    queue.add("old", -5);
    environment.advance(Duration.ofSeconds(7));
    queue.add("a");
    queue.add("old", -1);
    assertThat(takeAll()).containsExactly("old", "a");
  }

  @Test
  @DisplayName("T-58 of several adds the highest priority and the earliest time count")
  void theHighestPriorityAndTheEarliestTimeCount() {
    queue.addAfter("a", Duration.ofSeconds(2), Priority.BACKGROUND);
    queue.addAfter("a", Duration.ofSeconds(9), 20);
    queue.addAfter("b", Duration.ofSeconds(2), 10);
    environment.advance(Duration.ofSeconds(1));
    assertThat(queue.poll()).isEmpty();
    environment.advance(Duration.ofSeconds(1));
    WorkQueue.Item<String> a = queue.poll().orElseThrow();
    assertThat(a.key()).isEqualTo("a");
    assertThat(a.priority()).isEqualTo(20);
    queue.add("a", -3);
    queue.add("a", 11);
    queue.add("a", 4);
    a.close();
    assertThat(queue.poll().orElseThrow().priority()).isEqualTo(11);
    environment.advance(Duration.ofMinutes(1));
    assertThat(takeAll()).containsExactly("b");
  }

  @Test
  void aDelayedKeyIsPlacedByTheTimeItBecomesReady() {
    queue.addAfter("asked-first", Duration.ofSeconds(3));
    queue.addAfter("ready-first", Duration.ofSeconds(2));
    environment.advance(Duration.ofSeconds(3));
    assertThat(takeAll()).containsExactly("ready-first", "asked-first");
  }

  @Test
  void ofARateLimitAndADelayTheShorterCounts() {
    WorkQueue<String> limited =
        WorkQueues.unnamed()
            .limiter(RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofHours(1)))
            .prioritized()
            .create(environment);
    limited.addRateLimited("limiter", Duration.ofSeconds(5), 3);
    limited.addRateLimited("delay", Duration.ofMillis(300), 3);
    environment.advance(Duration.ofMillis(300));
    assertThat(limited.poll().map(WorkQueue.Item::key)).contains("delay");
    environment.advance(Duration.ofMillis(699));
    assertThat(limited.poll()).isEmpty();
    environment.advance(Duration.ofMillis(1));
    assertThat(limited.poll().map(WorkQueue.Item::priority)).contains(3);
  }

  @Test
  @DisplayName("T-58 under a load of 110 % each of 10 000 background keys runs in bounded time")
  void ageingBoundsTheWaitUnderOverload() {
    int background = 10_000;
    long serviceNanos = 1_000_000;
    for (int key = 0; key < background; key++) {
      queue.add("background-" + key, Priority.BACKGROUND);
    }
    // 100 levels are worth 100 s. What became ready in them takes 110 s, then it is their turn.
    long worthNanos = Duration.ofSeconds(100).toNanos();
    long boundNanos = worthNanos * 11 / 10 + (background + 1) * serviceNanos;
    int done = 0;
    long arrived = 0;
    long now = 0;
    while (done < background) {
      for (; arrived * 10 <= now / serviceNanos * 11; arrived++) {
        queue.add("change-" + arrived);
      }
      WorkQueue.Item<String> item = queue.poll().orElseThrow();
      if (item.priority() == Priority.BACKGROUND) {
        done++;
        if (now < worthNanos || now > boundNanos) {
          assertThat(now).as("turn of " + item.key()).isBetween(worthNanos, boundNanos);
        }
      }
      environment.advance(Duration.ofNanos(serviceNanos));
      item.close();
      now += serviceNanos;
    }
  }

  @Test
  void aShorterAgeingIntervalLetsKeysPassSooner() {
    WorkQueue<String> quick =
        WorkQueues.unnamed().prioritized(Duration.ofSeconds(1)).create(environment);
    quick.add("background", Priority.BACKGROUND);
    environment.advance(Duration.ofSeconds(11));
    quick.add("change");
    assertThat(quick.poll().map(WorkQueue.Item::key)).contains("background");
  }

  @Test
  @DisplayName("T-58 after shutdown what waits is handed out in its order")
  void handsOutAfterShutDown() throws InterruptedException {
    queue.add("background", Priority.BACKGROUND);
    queue.add("change");
    queue.shutDown();
    assertThat(queue.take().map(WorkQueue.Item::key)).contains("change");
    assertThat(queue.take().map(WorkQueue.Item::key)).contains("background");
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void anotherOrderIsAskedAndTold() {
    List<String> told = new ArrayList<>();
    WorkQueue<String> lifo =
        WorkQueues.unnamed().<String>order(() -> new Lifo(told)).create(environment);
    lifo.add("a", 1);
    lifo.add("b");
    lifo.add("a", 2);
    assertThat(lifo.size()).isEqualTo(2);
    WorkQueue.Item<String> b = lifo.poll().orElseThrow();
    lifo.add("b");
    lifo.add("c");
    b.close();
    List<String> keys = new ArrayList<>();
    for (Optional<WorkQueue.Item<String>> item = lifo.poll();
        item.isPresent();
        item = lifo.poll()) {
      keys.add(item.get().key());
      item.get().close();
    }
    assertThat(keys).containsExactly("b", "c", "a");
    assertThat(told).containsExactly("push a 1", "push b 0", "touch a 2", "push c 0", "push b 0");
  }

  @Test
  void anOrderThatGivesOutSomethingElseIsRefused() {
    List<String> told = new ArrayList<>();
    Lifo wrong = new Lifo(told);
    WorkQueue<String> strange = WorkQueues.unnamed().<String>order(() -> wrong).create(environment);
    strange.add("a");
    wrong.push("z", 0);
    assertThatIllegalStateException()
        .isThrownBy(strange::poll)
        .withMessage("the order of a work queue gave out z; allowed: one of the 1 keys it holds");
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.add("a", 10_001))
        .withMessage("the priority of a key is 10001, allowed: -10000 to 10000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> queue.addAfter("a", Duration.ofSeconds(1), -10_001));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkQueues.unnamed().prioritized(Duration.ZERO))
        .withMessage("the ageing interval of a work queue is PT0S, allowed: PT0.000001S to PT24H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkQueues.unnamed().prioritized(Duration.ofDays(2)));
  }

  private List<String> takeAll() {
    List<String> keys = new ArrayList<>();
    for (Optional<WorkQueue.Item<String>> item = queue.poll();
        item.isPresent();
        item = queue.poll()) {
      keys.add(item.get().key());
      item.get().close();
    }
    return keys;
  }

  /** Last come, first served. Confined to the lock of its queue. */
  private static final class Lifo implements KeyOrder<String> {

    private final Deque<String> keys = new ArrayDeque<>();
    private final List<String> told;

    private Lifo(List<String> told) {
      this.told = told;
    }

    @Override
    public void push(String key, int priority) {
      told.add("push " + key + " " + priority);
      keys.push(key);
    }

    @Override
    public void touch(String key, int priority) {
      told.add("touch " + key + " " + priority);
    }

    @Override
    public @Nullable String pop() {
      return keys.poll();
    }

    @Override
    public int size() {
      return keys.size();
    }
  }
}
