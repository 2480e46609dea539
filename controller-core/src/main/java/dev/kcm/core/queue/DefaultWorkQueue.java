package dev.kcm.core.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import dev.kcm.core.time.Timers;
import java.time.Duration;
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
 * <p>At most one of the threads that wait for a key is being woken at a time; it wakes the next one
 * if it leaves keys behind. So a burst of adds does not wake more threads than find a key.
 *
 * <p>Guarded by {@code lock}; meters, listener and futures are called without it.
 */
final class DefaultWorkQueue<K> implements WorkQueue<K>, QueueMeters.Gauged {

  /** A delay beyond this (146 years) is cut, so that clock readings can be compared. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE >> 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readyOrOver = lock.newCondition();
  private final Ticker ticker;
  private final Timers timers;
  private final Executor delays;
  private final RateLimiter<? super K> limiter;

  /** Whether anybody wants to know how long keys wait; reading a clock costs more than the rest. */
  private final boolean timed;

  private volatile QueueMeters meters = QueueMeters.NONE;
  private volatile Runnable listener = () -> {};
  private volatile boolean shutDown;

  /** The present round of each key: queued or working. */
  @GuardedBy("lock") private final Map<K, Round<K>> rounds = new HashMap<>();

  @GuardedBy("lock") private final RoundOrder<K> order;

  /** Rounds that wait for the one before to end. */
  @GuardedBy("lock") private int followers;

  @GuardedBy("lock") private final WorkInProgress<Round<K>> working = new WorkInProgress<>();

  @GuardedBy("lock") private final DelayHeap<K> delayed = new DelayHeap<>();

  @GuardedBy("lock") private Timers.@Nullable Timer timer;

  @GuardedBy("lock") private long timerNanos;

  @GuardedBy("lock") private final List<CompletableFuture<List<K>>> drains = new ArrayList<>();

  /** After shutdown: whether keys that are with a worker may be added again. */
  @GuardedBy("lock") private boolean acceptsReAdds;

  /** Threads in {@link #take()} that found nothing. */
  @GuardedBy("lock") private int waiters;

  /** Whether one of them has been signalled and has not run yet. */
  @GuardedBy("lock") private boolean waking;

  /**
   * @param timed whether the order or the meters need to know the time
   */
  DefaultWorkQueue(
      Environment environment,
      String name,
      RateLimiter<? super K> limiter,
      RoundOrder<K> order,
      boolean timed) {
    this.ticker = environment.ticker();
    this.timers = environment.timers();
    this.delays = environment.executor((name.isEmpty() ? "workqueue" : name) + "-delays");
    this.limiter = limiter;
    this.order = order;
    this.timed = timed;
  }

  /** Sets the meters; before first use only. */
  void meterBy(QueueMeters newMeters) {
    meters = newMeters;
  }

  @Override
  public void add(K key, int priority) {
    Objects.requireNonNull(key, "key");
    Priority.checked(priority);
    long now = clock();
    Added added;
    lock.lock();
    try {
      added = accepts(key) ? addLocked(key, priority, now) : Added.NOT;
    } finally {
      lock.unlock();
    }
    announce(added);
  }

  @Override
  public void addAfter(K key, Duration delay, int priority) {
    Objects.requireNonNull(key, "key");
    Priority.checked(priority);
    if (delay.isZero() || delay.isNegative()) {
      if (!shutDown) {
        meters.retried();
      }
      add(key, priority);
      return;
    }
    lock.lock();
    try {
      if (!accepts(key)) {
        return;
      }
      delayed.put(key, ticker.nanos() + cutNanos(delay), priority);
      setTimer();
    } finally {
      lock.unlock();
    }
    meters.retried();
  }

  @Override
  public void addRateLimited(K key, int priority) {
    Objects.requireNonNull(key, "key");
    addAfter(key, limiter.when(key), priority);
  }

  @Override
  public void addRateLimited(K key, Duration atMost, int priority) {
    Objects.requireNonNull(key, "key");
    Duration wait = limiter.when(key);
    addAfter(key, wait.compareTo(atMost) < 0 ? wait : atMost, priority);
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
    long now = clock();
    Round<K> round;
    lock.lock();
    try {
      round = takeLocked(now);
    } finally {
      lock.unlock();
    }
    return handOut(round);
  }

  @Override
  public Optional<Item<K>> take() throws InterruptedException {
    Round<K> round;
    lock.lockInterruptibly();
    try {
      awaitReady();
      round = takeLocked(clock());
      if (order.size() > 0) {
        wakeOne();
      }
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
      waiting = order.size();
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < waiting; i++) {
      newListener.run();
    }
  }

  @Override
  public int delayed() {
    lock.lock();
    try {
      return delayed.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return order.size();
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
    shutDown(null, ReAdds.IGNORED);
  }

  private void shutDown(@Nullable CompletableFuture<List<K>> drain, ReAdds reAdds) {
    @Nullable List<CompletableFuture<List<K>>> finished;
    lock.lock();
    try {
      if (!shutDown) {
        shutDown = true;
        dropDelayed();
      }
      if (drain != null) {
        drains.add(drain);
      }
      acceptsReAdds |= reAdds == ReAdds.ACCEPTED;
      readyOrOver.signalAll();
      finished = finishLocked();
    } finally {
      lock.unlock();
    }
    settle(finished);
  }

  @Override
  public CompletableFuture<List<K>> drainAsync(Duration timeout, ReAdds reAdds) {
    CompletableFuture<List<K>> drain = new CompletableFuture<>();
    shutDown(drain, reAdds);
    Timers.Timer deadline = timers.schedule(timeout, delays, () -> giveUp(drain));
    return drain.whenComplete((left, error) -> deadline.cancel());
  }

  @Override
  public List<K> drain(Duration timeout, ReAdds reAdds) throws InterruptedException {
    try {
      return drainAsync(timeout, reAdds).get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public int depth() {
    lock.lock();
    try {
      return order.size() + followers;
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

  private long clock() {
    return timed ? ticker.nanos() : 0;
  }

  @GuardedBy("lock") private boolean accepts(K key) {
    if (!shutDown) {
      return true;
    }
    Round<K> present = acceptsReAdds ? rounds.get(key) : null;
    return present != null && present.isWorking();
  }

  /** Whether a key may become ready although none is. */
  @GuardedBy("lock") private boolean mayBeAdded() {
    return !shutDown || (acceptsReAdds && !(rounds.isEmpty() && delayed.isEmpty()));
  }

  @GuardedBy("lock") private Added addLocked(K key, int priority, long nowNanos) {
    Round<K> present = rounds.get(key);
    if (present == null) {
      Round<K> round = new Round<>(this, key, nowNanos, priority);
      rounds.put(key, round);
      ready(round, nowNanos);
      return Added.READY;
    }
    if (!present.isWorking()) {
      order.touch(present, priority, nowNanos);
      present.raise(priority);
      return Added.NOT;
    }
    if (present.follower != null) {
      present.follower.raise(priority);
      return Added.NOT;
    }
    present.follower = new Round<>(this, key, nowNanos, priority);
    followers++;
    return Added.LATER;
  }

  @GuardedBy("lock") private void ready(Round<K> round, long nowNanos) {
    order.push(round, nowNanos);
    wakeOne();
  }

  @GuardedBy("lock") private void wakeOne() {
    if (waiters > 0 && !waking) {
      waking = true;
      readyOrOver.signal();
    }
  }

  @GuardedBy("lock") private void awaitReady() throws InterruptedException {
    waiters++;
    try {
      while (order.size() == 0 && mayBeAdded()) {
        readyOrOver.await();
        waking = false;
      }
    } catch (InterruptedException e) {
      // The signal may have been meant for this thread; it must not be lost with it.
      waking = false;
      readyOrOver.signal();
      throw e;
    } finally {
      waiters--;
    }
  }

  @GuardedBy("lock") private @Nullable Round<K> takeLocked(long nowNanos) {
    Round<K> round = order.pop();
    if (round != null) {
      working.start(round, nowNanos);
    }
    return round;
  }

  private Optional<Item<K>> handOut(@Nullable Round<K> round) {
    if (round == null) {
      return Optional.empty();
    }
    meters.taken(Math.max(0, round.startedNanos() - round.addedNanos()));
    return Optional.of(round);
  }

  /** The worker of a round has ended; a second call for it does nothing. */
  void done(Round<K> round) {
    long now = clock();
    boolean again = false;
    @Nullable List<CompletableFuture<List<K>>> finished;
    lock.lock();
    try {
      if (!round.isWorking()) {
        return;
      }
      working.end(round);
      Round<K> follower = round.follower;
      if (follower == null) {
        rounds.remove(round.key());
      } else {
        again = true;
        followers--;
        rounds.put(round.key(), follower);
        ready(follower, now);
      }
      finished = finishLocked();
    } finally {
      lock.unlock();
    }
    meters.done(Math.max(0, now - round.startedNanos()));
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
    DelayHeap.Entry<K> first = delayed.earliest();
    if (first == null) {
      return;
    }
    long earliest = first.dueNanos();
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
      for (DelayHeap.Entry<K> due = delayed.pollDue(now); due != null; due = delayed.pollDue(now)) {
        results.add(addLocked(due.key(), due.priority(), now));
      }
      setTimer();
    } finally {
      lock.unlock();
    }
    results.forEach(this::announce);
  }

  @GuardedBy("lock") private void dropDelayed() {
    delayed.clear();
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private static long cutNanos(Duration delay) {
    return delay.toSeconds() >= LONGEST_NANOS / 1_000_000_000L ? LONGEST_NANOS : delay.toNanos();
  }

  /** The drains to complete when nothing is left; null while the queue goes on. */
  @GuardedBy("lock") private @Nullable List<CompletableFuture<List<K>>> finishLocked() {
    if (!shutDown || !rounds.isEmpty() || !delayed.isEmpty()) {
      return null;
    }
    List<CompletableFuture<List<K>>> finished = List.copyOf(drains);
    drains.clear();
    if (acceptsReAdds) {
      acceptsReAdds = false;
      readyOrOver.signalAll();
    }
    return finished;
  }

  private void settle(@Nullable List<CompletableFuture<List<K>>> finished) {
    if (finished != null) {
      meters.close();
      finished.forEach(drain -> drain.complete(List.of()));
    }
  }

  private void giveUp(CompletableFuture<List<K>> drain) {
    List<K> left;
    lock.lock();
    try {
      drains.removeIf(other -> other == drain);
      left = leftOver();
      acceptsReAdds = false;
      dropDelayed();
      readyOrOver.signalAll();
    } finally {
      lock.unlock();
    }
    meters.close();
    drain.complete(left);
  }

  @GuardedBy("lock") private List<K> leftOver() {
    List<K> left = new ArrayList<>();
    for (Round<K> round : rounds.values()) {
      if (!round.isWorking()) {
        left.add(round.key());
      }
    }
    working.forEach(round -> left.add(round.key()));
    for (K key : delayed.keys()) {
      if (!left.contains(key)) {
        left.add(key);
      }
    }
    return List.copyOf(left);
  }

  private enum Added {
    NOT,
    LATER,
    READY
  }
}
