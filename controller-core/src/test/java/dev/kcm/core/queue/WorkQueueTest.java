package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a queue promises, one promise a test, on virtual time. */
final class WorkQueueTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final WorkQueue<String> queue = WorkQueues.unnamed().create(environment);

  @Test
  void keysComeOutOnceInTheOrderOfTheirFirstAdd() {
    for (String key : List.of("a", "b", "a", "c", "b")) {
      queue.add(key);
    }
    assertThat(queue.size()).isEqualTo(3);
    assertThat(takeAll()).containsExactly("a", "b", "c");
  }

  @Test
  void aHotKeyGoesToTheTail() {
    queue.add("hot");
    queue.add("a");
    queue.add("b");
    WorkQueue.Item<String> hot = poll();
    queue.add("hot");
    hot.close();
    assertThat(takeAll()).containsExactly("a", "b", "hot");
  }

  @Test
  @DisplayName("T-51 a thousand adds while a key is with a worker make exactly one more round")
  void addsWhileProcessingMakeOneMoreRound() {
    queue.add("a");
    WorkQueue.Item<String> first = poll();
    for (int i = 0; i < 1000; i++) {
      queue.add("a");
    }
    assertThat(queue.poll()).isEmpty();
    first.close();
    assertThat(takeAll()).containsExactly("a");
    assertThat(queue.poll()).isEmpty();
  }

  @Test
  @DisplayName("T-51 closing an item a second time changes nothing, even in the key's next round")
  void closingTwiceDoesNothing() {
    queue.add("a");
    WorkQueue.Item<String> first = poll();
    queue.add("a");
    first.close();
    WorkQueue.Item<String> second = poll();
    queue.add("a");
    first.close();
    assertThat(queue.poll()).isEmpty();
    second.close();
    assertThat(takeAll()).containsExactly("a");
  }

  @Test
  void differentKeysAreWithWorkersAtTheSameTime() {
    queue.add("a");
    queue.add("b");
    WorkQueue.Item<String> a = poll();
    WorkQueue.Item<String> b = poll();
    assertThat(List.of(a.key(), b.key())).containsExactly("a", "b");
  }

  @Test
  @DisplayName("T-52 of two delays for a key the earlier counts, whichever came first")
  void theEarlierDelayCounts() {
    queue.addAfter("late-early", Duration.ofSeconds(10));
    queue.addAfter("late-early", Duration.ofSeconds(1));
    queue.addAfter("early-late", Duration.ofSeconds(1));
    queue.addAfter("early-late", Duration.ofSeconds(10));
    environment.advance(Duration.ofMillis(999));
    assertThat(takeAll()).isEmpty();
    environment.advance(Duration.ofMillis(1));
    assertThat(takeAll()).containsExactly("late-early", "early-late");
    environment.advance(Duration.ofMinutes(1));
    assertThat(takeAll()).isEmpty();
  }

  @Test
  @DisplayName("T-52 an immediate add does not cancel a delay")
  void anAddDoesNotCancelADelay() {
    queue.addAfter("a", Duration.ofSeconds(5));
    queue.add("a");
    assertThat(takeAll()).containsExactly("a");
    environment.advance(Duration.ofSeconds(5));
    assertThat(takeAll()).containsExactly("a");
  }

  @Test
  void keysDueAtTheSameTimeComeInTheOrderTheyWereAsked() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add("key-" + i);
      queue.addAfter("key-" + i, Duration.ofSeconds(3));
    }
    environment.advance(Duration.ofSeconds(3));
    assertThat(takeAll()).isEqualTo(keys);
  }

  @Test
  void aStepOfTheWallClockMovesNoDelay() {
    queue.addAfter("a", Duration.ofSeconds(10));
    environment.stepWallClock(Duration.ofHours(1));
    environment.advance(Duration.ofSeconds(9));
    assertThat(takeAll()).isEmpty();
    environment.stepWallClock(Duration.ofHours(-2));
    environment.advance(Duration.ofSeconds(1));
    assertThat(takeAll()).containsExactly("a");
  }

  @Test
  void aDelayWithoutEndIsKeptAndZeroOrLessIsNow() {
    queue.addAfter("never", Duration.ofSeconds(Long.MAX_VALUE));
    queue.addAfter("zero", Duration.ZERO);
    queue.addAfter("negative", Duration.ofSeconds(-5));
    assertThat(takeAll()).containsExactly("zero", "negative");
    environment.advance(Duration.ofDays(1000));
    assertThat(takeAll()).isEmpty();
  }

  @Test
  void rateLimitedKeysWaitLongerWithEachFailureUntilForgotten() {
    WorkQueue<String> limited =
        WorkQueues.unnamed()
            .limiter(RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofHours(1)))
            .create(environment);
    limited.addRateLimited("a");
    environment.advance(Duration.ofSeconds(1));
    limited.poll().orElseThrow().close();
    limited.addRateLimited("a");
    assertThat(limited.failures("a")).isEqualTo(2);
    environment.advance(Duration.ofMillis(1999));
    assertThat(limited.poll()).isEmpty();
    environment.advance(Duration.ofMillis(1));
    limited.poll().orElseThrow().close();
    limited.forget("a");
    assertThat(limited.failures("a")).isZero();
    limited.addRateLimited("a");
    environment.advance(Duration.ofSeconds(1));
    assertThat(limited.poll()).isPresent();
  }

  @Test
  void theListenerHearsOfEachKeyThatBecomesReady() {
    AtomicInteger calls = new AtomicInteger();
    queue.add("before");
    queue.onReady(calls::incrementAndGet);
    assertThat(calls).hasValue(1);
    queue.add("a");
    queue.add("a");
    assertThat(calls).hasValue(2);
    WorkQueue.Item<String> before = poll();
    queue.add("before");
    assertThat(calls).hasValue(2);
    before.close();
    assertThat(calls).hasValue(3);
    queue.addAfter("later", Duration.ofSeconds(1));
    environment.advance(Duration.ofSeconds(1));
    assertThat(calls).hasValue(4);
  }

  @Test
  void theListenerMayUseTheQueue() {
    List<String> taken = new ArrayList<>();
    queue.onReady(() -> queue.poll().ifPresent(item -> taken.add(item.key())));
    queue.add("a");
    queue.add("b");
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  @DisplayName("T-56 after shutdown what is ready is handed out, what waits is dropped")
  void shutDownHandsOutWhatIsReady() throws InterruptedException {
    for (String key : List.of("a", "b", "c", "d", "e")) {
      queue.add(key);
    }
    queue.addAfter("delayed", Duration.ofSeconds(1));
    queue.shutDown();
    queue.shutDown();
    queue.add("late");
    queue.addAfter("late", Duration.ofSeconds(1));
    environment.advance(Duration.ofMinutes(1));
    for (String key : List.of("a", "b", "c", "d", "e")) {
      assertThat(queue.take().map(WorkQueue.Item::key)).contains(key);
    }
    assertThat(queue.take()).isEmpty();
    assertThat(queue.isShutDown()).isTrue();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void aKeyAddedWhileProcessingBeforeShutdownStillGetsItsRound() {
    queue.add("a");
    WorkQueue.Item<String> first = poll();
    queue.add("a");
    queue.shutDown();
    queue.add("a");
    first.close();
    assertThat(takeAll()).containsExactly("a");
  }

  @Test
  @DisplayName("T-56 a drain ends when what was ready and what was with workers is done")
  void drainWaitsForQueueAndWorkers() {
    queue.add("a");
    queue.add("b");
    WorkQueue.Item<String> a = poll();
    CompletableFuture<List<String>> drained = queue.drainAsync(Duration.ofSeconds(30));
    a.close();
    environment.advance(Duration.ofSeconds(1));
    assertThat(drained).isNotDone();
    poll().close();
    assertThat(drained).isCompletedWithValue(List.of());
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-56 a stuck worker's key is what a drain returns after its timeout")
  void drainReturnsLeftOverKeys() {
    queue.add("stuck");
    WorkQueue.Item<String> stuck = poll();
    queue.add("ready");
    CompletableFuture<List<String>> drained = queue.drainAsync(Duration.ofSeconds(30));
    environment.advance(Duration.ofSeconds(29));
    assertThat(drained).isNotDone();
    environment.advance(Duration.ofSeconds(1));
    assertThat(drained).isCompletedWithValue(List.of("ready", "stuck"));
    stuck.close();
  }

  @Test
  @DisplayName("T-56 a drain that accepts re-adds waits for keys that are tried again")
  void drainWaitsForKeysThatAreTriedAgain() {
    queue.add("a");
    WorkQueue.Item<String> first = poll();
    CompletableFuture<List<String>> drained =
        queue.drainAsync(Duration.ofSeconds(30), WorkQueue.ReAdds.ACCEPTED);
    queue.add("other");
    queue.addAfter("a", Duration.ofSeconds(3));
    first.close();
    assertThat(queue.poll()).isEmpty();
    assertThat(drained).isNotDone();
    environment.advance(Duration.ofSeconds(3));
    WorkQueue.Item<String> second = poll();
    queue.add("a");
    second.close();
    WorkQueue.Item<String> third = poll();
    assertThat(drained).isNotDone();
    third.close();
    assertThat(drained).isCompletedWithValue(List.of());
    queue.add("a");
    assertThat(queue.poll()).isEmpty();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  @DisplayName("T-56 a drain that accepts re-adds returns what was not done in time")
  void drainReturnsKeysThatWereNotTriedAgainInTime() {
    queue.add("working");
    queue.add("waiting");
    WorkQueue.Item<String> working = poll();
    WorkQueue.Item<String> waiting = poll();
    CompletableFuture<List<String>> drained =
        queue.drainAsync(Duration.ofSeconds(30), WorkQueue.ReAdds.ACCEPTED);
    queue.addAfter("waiting", Duration.ofMinutes(1));
    waiting.close();
    queue.addAfter("working", Duration.ofMinutes(1));
    environment.advance(Duration.ofSeconds(30));
    assertThat(drained).isCompletedWithValue(List.of("working", "waiting"));
    queue.add("working");
    working.close();
    assertThat(queue.poll()).isEmpty();
    assertThat(environment.hasWork()).isFalse();
  }

  @Test
  void drainingAnEmptyQueueEndsAtOnce() throws InterruptedException {
    assertThat(queue.drain(Duration.ofSeconds(30))).isEmpty();
    assertThat(queue.drain(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void refusesNullKeysAndEmptyNames() {
    assertThatNullPointerException().isThrownBy(() -> queue.add(null)).withMessage("key");
    assertThatNullPointerException()
        .isThrownBy(() -> queue.addAfter(null, Duration.ofSeconds(1)))
        .withMessage("key");
    assertThatIllegalArgumentException().isThrownBy(() -> WorkQueues.named(""));
  }

  private WorkQueue.Item<String> poll() {
    return queue.poll().orElseThrow();
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
}
