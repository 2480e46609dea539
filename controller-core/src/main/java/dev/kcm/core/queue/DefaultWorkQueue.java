package dev.kcm.core.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue.
 *
 * <p>Each key that needs work or is with a worker has one {@link Round} in a map. A key added while
 * it is with a worker gets its next round right away, chained to the present one and made ready
 * when that ends. Delayed keys wait in a heap with one timer for the earliest.
 *
 * <p>Guarded by {@code lock}; meters, listener and futures are called without it.
 */
final class DefaultWorkQueue<K> implements WorkQueue<K>, QueueMeters.Gauged {

  /** A delay beyond this (146 years) is cut, so that clock readings can be compared. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE >> 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readyOrShutDown = lock.newCondition();
  private final Ticker ticker;
  private final Timers timers;
  private final Executor delays;
  private final RateLimiter<? super K> limiter;
  private volatile QueueMeters meters = QueueMeters.NONE;
  private volatile Runnable listener = () -> {};
  private volatile boolean shutDown;

  /** The present round of each key: queued or working. */
  @GuardedBy("lock") private final Map<K, Round> rounds = new HashMap<>();

  @GuardedBy("lock") private final ArrayDeque<Round> queue = new ArrayDeque<>();

  /** Rounds that wait for the one before to end. */
  @GuardedBy("lock") private int followers;

  @GuardedBy("lock") private final WorkInProgress<Round> working = new WorkInProgress<>();

  @GuardedBy("lock") private final DelayHeap<K> delayed = new DelayHeap<>();

  @GuardedBy("lock") private Timers.@Nullable Timer timer;

  @GuardedBy("lock") private long timerNanos;

  @GuardedBy("lock") private final List<CompletableFuture<List<K>>> drains = new ArrayList<>();

  DefaultWorkQueue(Environment environment, String name, RateLimiter<? super K> limiter) {
    this.ticker = environment.ticker();
    this.timers = environment.timers();
    this.delays = environment.executor((name.isEmpty() ? "workqueue" : name) + "-delays");
    this.limiter = limiter;
  }

  /** Sets the meters; before first use only. */
  void meterBy(QueueMeters newMeters) {
    meters = newMeters;
  }

  @Override
  public void add(K key) {
    Objects.requireNonNull(key, "key");
    Added added;
    lock.lock();
    try {
      added = shutDown ? Added.NOT : addLocked(key, ticker.nanos());
    } finally {
      lock.unlock();
    }
    announce(added);
  }

  @Override
  public void addAfter(K key, Duration delay) {
    Objects.requireNonNull(key, "key");
    if (shutDown) {
      return;
    }
    meters.retried();
    if (delay.isZero() || delay.isNegative()) {
      add(key);
      return;
    }
    lock.lock();
    try {
      if (!shutDown) {
        delayed.put(key, ticker.nanos() + cutNanos(delay));
        setTimer();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void addRateLimited(K key) {
    Objects.requireNonNull(key, "key");
    addAfter(key, limiter.when(key));
  }

  @Override
  public void forget(K key) {
    limiter.forget(key);
  }

  @Override
  public int failures(K key) {
    return limiter.failures(key);
  }

  @Override
  public Optional<Item<K>> poll() {
    Round round;
    lock.lock();
    try {
      round = takeLocked();
    } finally {
      lock.unlock();
    }
    return handOut(round);
  }

  @Override
  public Optional<Item<K>> take() throws InterruptedException {
    Round round;
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !shutDown) {
        readyOrShutDown.await();
      }
      round = takeLocked();
    } finally {
      lock.unlock();
    }
    return handOut(round);
  }

  @Override
  public void onReady(Runnable newListener) {
    int waiting;
    lock.lock();
    try {
      listener = newListener;
      waiting = queue.size();
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < waiting; i++) {
      newListener.run();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isShutDown() {
    return shutDown;
  }

  @Override
  public void shutDown() {
    @Nullable List<CompletableFuture<List<K>>> finished;
    lock.lock();
    try {
      shutDown = true;
      delayed.clear();
      if (timer != null) {
        timer.cancel();
        timer = null;
      }
      readyOrShutDown.signalAll();
      finished = finishLocked();
    } finally {
      lock.unlock();
    }
    settle(finished);
  }

  @Override
  public CompletableFuture<List<K>> drainAsync(Duration timeout) {
    CompletableFuture<List<K>> drain = new CompletableFuture<>();
    lock.lock();
    try {
      drains.add(drain);
    } finally {
      lock.unlock();
    }
    shutDown();
    Timers.Timer deadline = timers.schedule(timeout, delays, () -> giveUp(drain));
    return drain.whenComplete((left, error) -> deadline.cancel());
  }

  @Override
  public List<K> drain(Duration timeout) throws InterruptedException {
    try {
      return drainAsync(timeout).get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public int depth() {
    lock.lock();
    try {
      return queue.size() + followers;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long unfinishedNanos() {
    lock.lock();
    try {
      return working.sumOfAges(ticker.nanos());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long longestRunningNanos() {
    lock.lock();
    try {
      return working.longestAge(ticker.nanos());
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock") private Added addLocked(K key, long nowNanos) {
    Round present = rounds.get(key);
    if (present == null) {
      Round round = new Round(key, nowNanos);
      rounds.put(key, round);
      ready(round);
      return Added.READY;
    }
    if (!present.isWorking() || present.follower != null) {
      return Added.NOT;
    }
    present.follower = new Round(key, nowNanos);
    followers++;
    return Added.LATER;
  }

  @GuardedBy("lock") private void ready(Round round) {
    queue.add(round);
    readyOrShutDown.signal();
  }

  @GuardedBy("lock") private @Nullable Round takeLocked() {
    Round round = queue.poll();
    if (round != null) {
      working.start(round, ticker.nanos());
    }
    return round;
  }

  private Optional<Item<K>> handOut(@Nullable Round round) {
    if (round == null) {
      return Optional.empty();
    }
    meters.taken(round.startedNanos() - round.addedNanos);
    return Optional.of(round);
  }

  private void done(Round round) {
    boolean again = false;
    long worked;
    @Nullable List<CompletableFuture<List<K>>> finished;
    lock.lock();
    try {
      if (!round.isWorking()) {
        return;
      }
      worked = ticker.nanos() - round.startedNanos();
      working.end(round);
      Round follower = round.follower;
      if (follower == null) {
        rounds.remove(round.key);
      } else {
        again = true;
        followers--;
        rounds.put(round.key, follower);
        ready(follower);
      }
      finished = finishLocked();
    } finally {
      lock.unlock();
    }
    meters.done(worked);
    if (again) {
      listener.run();
    }
    settle(finished);
  }

  private void announce(Added added) {
    if (added != Added.NOT) {
      meters.added();
      if (added == Added.READY) {
        listener.run();
      }
    }
  }

  @GuardedBy("lock") private void setTimer() {
    if (delayed.isEmpty()) {
      return;
    }
    long earliest = delayed.earliestNanos();
    if (timer != null) {
      if (timerNanos - earliest <= 0) {
        return;
      }
      timer.cancel();
    }
    timerNanos = earliest;
    Duration delay = Duration.ofNanos(Math.max(0, earliest - ticker.nanos()));
    timer = timers.schedule(delay, delays, () -> addDue(earliest));
  }

  private void addDue(long dueNanos) {
    List<Added> results = new ArrayList<>();
    lock.lock();
    try {
      if (timer != null && timerNanos == dueNanos) {
        timer = null;
      }
      long now = ticker.nanos();
      for (K key = delayed.pollDue(now); key != null; key = delayed.pollDue(now)) {
        results.add(addLocked(key, now));
      }
      setTimer();
    } finally {
      lock.unlock();
    }
    results.forEach(this::announce);
  }

  private static long cutNanos(Duration delay) {
    return delay.toSeconds() >= LONGEST_NANOS / 1_000_000_000L ? LONGEST_NANOS : delay.toNanos();
  }

  /** The drains to complete when nothing is left; null while the queue goes on. */
  @GuardedBy("lock") private @Nullable List<CompletableFuture<List<K>>> finishLocked() {
    if (!shutDown || !rounds.isEmpty()) {
      return null;
    }
    List<CompletableFuture<List<K>>> finished = List.copyOf(drains);
    drains.clear();
    return finished;
  }

  private void settle(@Nullable List<CompletableFuture<List<K>>> finished) {
    if (finished != null) {
      meters.close();
      finished.forEach(drain -> drain.complete(List.of()));
    }
  }

  private void giveUp(CompletableFuture<List<K>> drain) {
    List<K> left = new ArrayList<>();
    lock.lock();
    try {
      drains.removeIf(other -> other == drain);
      queue.forEach(round -> left.add(round.key));
      working.forEach(round -> left.add(round.key));
    } finally {
      lock.unlock();
    }
    meters.close();
    drain.complete(List.copyOf(left));
  }

  private enum Added {
    NOT,
    LATER,
    READY
  }

  /** One passage of a key through the queue. Guarded by {@code lock}. */
  private final class Round extends WorkInProgress.Work<Round> implements Item<K> {

    private final K key;
    private final long addedNanos;
    private @Nullable Round follower;

    private Round(K key, long addedNanos) {
      this.key = key;
      this.addedNanos = addedNanos;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    public void close() {
      done(this);
    }

    @Override
    public String toString() {
      return key.toString();
    }
  }
}
