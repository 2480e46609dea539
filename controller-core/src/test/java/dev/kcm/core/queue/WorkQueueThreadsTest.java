package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The queue under real threads. */
final class WorkQueueThreadsTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  @DisplayName("T-50 with 8 threads no key is with two workers and none is lost after its last add")
  void noKeyIsWithTwoWorkersAndNoneIsLost() throws Exception {
    int keys = 50;
    WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
    AtomicIntegerArray version = new AtomicIntegerArray(keys);
    AtomicIntegerArray seen = new AtomicIntegerArray(keys);
    AtomicIntegerArray workers = new AtomicIntegerArray(keys);
    AtomicInteger overlaps = new AtomicInteger();
    List<Future<Void>> consumers =
        start(
            4,
            number -> {
              for (var item = queue.take(); item.isPresent(); item = queue.take()) {
                int key = item.get().key();
                if (workers.incrementAndGet(key) > 1) {
                  overlaps.incrementAndGet();
                }
                seen.set(key, version.get(key));
                workers.decrementAndGet(key);
                item.get().close();
              }
            });
    List<Future<Void>> producers =
        start(
            4,
            number -> {
              for (int i = 0; i < 50_000; i++) {
                int key = (i * 7 + number) % keys;
                version.incrementAndGet(key);
                if (i % 10 == 0) {
                  queue.addAfter(key, Duration.ofNanos(1 + i % 1000));
                } else {
                  queue.add(key);
                }
              }
            });
    join(producers);
    // What waits for its time is dropped at shutdown, so each key is added once more.
    for (int key = 0; key < keys; key++) {
      queue.add(key);
    }
    assertThat(queue.drain(Duration.ofSeconds(20))).isEmpty();
    join(consumers);
    assertThat(overlaps).hasValue(0);
    for (int key = 0; key < keys; key++) {
      assertThat(seen.get(key)).as("key %d", key).isEqualTo(version.get(key));
    }
  }

  @Test
  @DisplayName("T-53 200 000 delayed keys from 32 threads all arrive")
  void allDelayedKeysArrive() throws Exception {
    int threadCount = 32;
    int each = 6_250;
    WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
    Set<Integer> arrived = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(threadCount * each);
    List<Future<Void>> consumers =
        start(
            2,
            number -> {
              for (var item = queue.take(); item.isPresent(); item = queue.take()) {
                if (arrived.add(item.get().key())) {
                  all.countDown();
                }
                item.get().close();
              }
            });
    join(
        start(
            threadCount,
            number -> {
              for (int i = 0; i < each; i++) {
                queue.addAfter(number * each + i, Duration.ofNanos((i * 7919L) % 50_000_000));
              }
            }));
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    queue.shutDown();
    join(consumers);
    assertThat(arrived).hasSize(threadCount * each);
  }

  @Test
  @DisplayName("T-56 after shutdown each of the blocked workers is let go")
  void shutDownLetsBlockedWorkersGo() throws Exception {
    WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
    ConcurrentMap<Integer, Integer> taken = new ConcurrentHashMap<>();
    List<Future<Void>> workers =
        start(
            8,
            number -> {
              for (Optional<WorkQueue.Item<Integer>> item = queue.take();
                  item.isPresent();
                  item = queue.take()) {
                taken.merge(item.get().key(), 1, Integer::sum);
                item.get().close();
              }
            });
    for (int key = 0; key < 5; key++) {
      queue.add(key);
    }
    queue.shutDown();
    join(workers);
    assertThat(taken).hasSize(5).doesNotContainValue(2);
  }

  @Test
  @DisplayName("T-57 shutdown at the same time as adds, takes and drains leaves nobody hanging")
  void shutDownLeavesNobodyHanging() throws Exception {
    for (int round = 0; round < 300; round++) {
      WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Void>> all =
          start(
              6,
              number -> {
                go.await();
                switch (number) {
                  case 0 -> queue.shutDown();
                  case 1 -> assertThat(queue.drain(Duration.ofSeconds(20))).isEmpty();
                  case 2, 3 -> {
                    for (int i = 0; i < 100; i++) {
                      queue.add(i % 10);
                      queue.addAfter(i % 10, Duration.ofNanos(i));
                    }
                  }
                  default -> {
                    for (var item = queue.take(); item.isPresent(); item = queue.take()) {
                      item.get().close();
                    }
                  }
                }
              });
      go.countDown();
      join(all);
    }
  }

  @Test
  void anInterruptedTakeThrowsAndTakesNothing() throws Exception {
    WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
    CountDownLatch interrupted = new CountDownLatch(1);
    List<Future<Void>> blocked =
        start(
            1,
            number -> {
              Thread.currentThread().interrupt();
              try {
                queue.take();
              } catch (InterruptedException expected) {
                interrupted.countDown();
              }
            });
    join(blocked);
    assertThat(interrupted.getCount()).isZero();
    queue.add(1);
    assertThat(queue.poll().map(WorkQueue.Item::key)).contains(1);
  }

  @Test
  @DisplayName("T-57 no key is left lying when workers are interrupted while they are woken")
  void interruptedWorkersLoseNoWakeUp() throws Exception {
    for (int round = 0; round < 1000; round++) {
      WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
      CountDownLatch taken = new CountDownLatch(3);
      List<Future<Void>> impatient = start(2, number -> takeAll(queue, taken));
      List<Future<Void>> patient = start(2, number -> takeAll(queue, taken));
      for (int key = 0; key < 3; key++) {
        queue.add(key);
        impatient.get(key % 2).cancel(true);
      }
      assertThat(taken.await(20, TimeUnit.SECONDS)).as("round %d", round).isTrue();
      queue.shutDown();
      join(patient);
    }
  }

  @Test
  @DisplayName("T-57 workers stay for keys that a drain accepts again, and are let go at its end")
  void workersStayForKeysThatAreTriedAgain() throws Exception {
    WorkQueue<Integer> queue = WorkQueues.unnamed().create(Environment.system());
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch draining = new CountDownLatch(1);
    List<Future<Void>> workers =
        start(
            2,
            number -> {
              for (var item = queue.take(); item.isPresent(); item = queue.take()) {
                first.countDown();
                draining.await();
                if (rounds.incrementAndGet() < 4) {
                  queue.addAfter(1, Duration.ofMillis(1));
                }
                item.get().close();
              }
            });
    queue.add(1);
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    var drained = queue.drainAsync(Duration.ofSeconds(20), WorkQueue.ReAdds.ACCEPTED);
    draining.countDown();
    assertThat(drained.get(20, TimeUnit.SECONDS)).isEmpty();
    join(workers);
    assertThat(rounds).hasValue(4);
  }

  private static void takeAll(WorkQueue<Integer> queue, CountDownLatch taken)
      throws InterruptedException {
    for (var item = queue.take(); item.isPresent(); item = queue.take()) {
      taken.countDown();
      item.get().close();
    }
  }

  private List<Future<Void>> start(int count, Work work) {
    List<Future<Void>> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Callable<Void> task =
          () -> {
            work.run(number);
            return null;
          };
      started.add(threads.submit(task));
    }
    return started;
  }

  private static void join(List<Future<Void>> started)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Future<Void> future : started) {
      future.get(25, TimeUnit.SECONDS);
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(int number) throws Exception;
  }
}
