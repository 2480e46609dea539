package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import dev.kcm.core.time.WallClock;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The elector under real threads. */
final class LeaderElectorThreadsTest {

  private static final LeaderElectionConfig CONFIG =
      LeaderElectionConfig.defaults("a")
          .withTimes(Duration.ofSeconds(20), Duration.ofSeconds(15), Duration.ofMillis(20));

  @Test
  @DisplayName("T-69 a start callback that stays delays no renewal and no stop")
  void aStartThatStaysDelaysNothing() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    GrantingLock lock = new GrantingLock(new CountDownLatch(5), new CountDownLatch(0));
    LeaderElector elector =
        LeaderElector.builder(CONFIG, lock, new Staying(ended)).build(Environment.system());
    elector.start();
    assertThat(lock.updates.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(elector.leadership().isLeader()).isTrue();
    elector.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(elector.leadership().isLeader()).isFalse();
    assertThat(ended.getCount()).as("the start callback was let go by the stop").isZero();
  }

  @Test
  @DisplayName("T-60 a lock that blocks its caller does not keep the watchdog from ending the work")
  void aLockThatBlocksDoesNotStopTheWatchdog() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    GrantingLock lock = new GrantingLock(new CountDownLatch(1), release);
    LeaderElectionConfig quick =
        CONFIG.withTimes(Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ofMillis(20));
    LeaderElector elector =
        LeaderElector.builder(quick, lock, new Staying(ended)).build(Environment.system());
    elector.start();
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(elector.leadership().isLeader()).isFalse();
    release.countDown();
    elector.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("T-76 leading a hundred times in one process: no term leaves a thread at work")
  void leadingAgainAndAgainKeepsNoThread() throws Exception {
    Semaphore starts = new Semaphore(0);
    AtomicInteger stops = new AtomicInteger();
    GrantingLock lock = new GrantingLock(new CountDownLatch(0), new CountDownLatch(0));
    BusyThreads threads = new BusyThreads(Environment.system());
    LeaderElector elector =
        LeaderElector.builder(CONFIG, lock, new Counting(starts, stops)).build(threads);
    for (int term = 1; term <= 100; term++) {
      elector.start();
      assertThat(starts.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      elector.stop().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(stops.get()).isEqualTo(term);
      assertThat(threads.awaitNone(Duration.ofSeconds(20))).as("after term %d", term).isTrue();
    }
  }

  /** Counts the threads that are at work. Guarded by itself. */
  private static final class BusyThreads implements Environment {

    private final Environment real;
    private int busy;

    private BusyThreads(Environment real) {
      this.real = real;
    }

    @Override
    public Executor executor(String name) {
      Executor executor = real.executor(name);
      return task -> {
        count(1);
        executor.execute(
            () -> {
              try {
                task.run();
              } finally {
                count(-1);
              }
            });
      };
    }

    private synchronized void count(int more) {
      busy += more;
      notifyAll();
    }

    /** Waits until no thread is at work; false when one still is. */
    synchronized boolean awaitNone(Duration longest) throws InterruptedException {
      long end = System.nanoTime() + longest.toNanos();
      for (long left = longest.toMillis(); busy > 0 && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
      return busy == 0;
    }

    @Override
    public Ticker ticker() {
      return real.ticker();
    }

    @Override
    public WallClock wallClock() {
      return real.wallClock();
    }

    @Override
    public Timers timers() {
      return real.timers();
    }

    @Override
    public RandomGenerator random() {
      return real.random();
    }
  }

  /** Counts. Thread-safe: a semaphore and an atomic. */
  private record Counting(Semaphore starts, AtomicInteger stops) implements LeaderCallbacks {

    @Override
    public void onStartedLeading(LeaderToken token) {
      starts.release();
    }

    @Override
    public CompletionStage<Void> onStoppedLeading(StopReason reason) {
      stops.incrementAndGet();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A start that returns when the stop was called. Thread-safe: a latch. */
  private record Staying(CountDownLatch ended) implements LeaderCallbacks {

    @Override
    public void onStartedLeading(LeaderToken token) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public CompletionStage<Void> onStoppedLeading(StopReason reason) {
      ended.countDown();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** Grants everything to its one client; updates may block the caller. Thread-safe: atomics. */
  private static final class GrantingLock implements LeaseLock {

    private final CountDownLatch updates;
    private final CountDownLatch blockUpdates;
    private final AtomicLong resourceVersion = new AtomicLong();
    private volatile Lease stored =
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace("ns")
            .withName("lease")
            .withUid("uid")
            .withResourceVersion("0")
            .endMetadata()
            .build();

    private GrantingLock(CountDownLatch updates, CountDownLatch blockUpdates) {
      this.updates = updates;
      this.blockUpdates = blockUpdates;
    }

    @Override
    public ObjectKey key() {
      return new ObjectKey("ns", "lease");
    }

    @Override
    public CompletableFuture<Lease> get() {
      return CompletableFuture.completedFuture(new LeaseBuilder(stored).build());
    }

    @Override
    public CompletableFuture<Lease> create(Lease lease) {
      throw new UnsupportedOperationException("the lease exists");
    }

    @Override
    public CompletableFuture<Lease> update(Lease lease) {
      long version = resourceVersion.incrementAndGet();
      if (version > 1) {
        awaitUnblocked();
      }
      Lease next = new LeaseBuilder(lease).build();
      next.getMetadata().setResourceVersion(String.valueOf(version));
      stored = next;
      updates.countDown();
      return get();
    }

    private void awaitUnblocked() {
      try {
        blockUpdates.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
