package dev.kcm.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * An environment in which time passes only when a test says so, and every task runs on the thread
 * that says it.
 *
 * <p>Tasks wait in a list until {@link #run()} or {@link #advance(Duration)} is called. Which of
 * the waiting tasks runs next is drawn from the seed, so different seeds try different
 * interleavings and the same seed repeats one exactly; tasks of one {@link SerialExecutor} keep
 * their order whatever the seed. The wall clock can be set apart from the monotonic clock to play
 * clock steps and suspends.
 *
 * <p>Confined to the thread of the test.
 */
public final class VirtualEnvironment implements Environment {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Random random;
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Scheduled> scheduled = new PriorityQueue<>();
  private long nanos;
  private Duration wallOffset = Duration.ZERO;
  private long sequence;

  private VirtualEnvironment(long seed) {
    this.random = new Random(seed);
  }

  /** An environment whose choices follow from the seed. It starts at 2026-01-01T00:00:00Z. */
  public static VirtualEnvironment seeded(long seed) {
    return new VirtualEnvironment(seed);
  }

  @Override
  public Ticker ticker() {
    return () -> nanos;
  }

  @Override
  public WallClock wallClock() {
    return () -> START.plusNanos(nanos).plus(wallOffset);
  }

  @Override
  public Timers timers() {
    return this::schedule;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Executor executor(String name) {
    return ready::add;
  }

  /** Moves the wall clock by the given step without moving the monotonic clock. */
  public void stepWallClock(Duration step) {
    wallOffset = wallOffset.plus(step);
  }

  /** Runs what is ready now, and what that makes ready, without moving time. */
  public void run() {
    while (step()) {
      // The step is the work.
    }
  }

  /**
   * Runs one task that is ready now.
   *
   * @return false when nothing is ready
   */
  public boolean step() {
    handOverDue();
    if (ready.isEmpty()) {
      return false;
    }
    ready.remove(ready.size() == 1 ? 0 : random.nextInt(ready.size())).run();
    return true;
  }

  /**
   * Lets time pass, stopping at each timer on the way to run what it makes ready.
   *
   * @param duration how long, zero or more
   */
  public void advance(Duration duration) {
    advance(duration, () -> {});
  }

  /**
   * As {@link #advance(Duration)}, with a check of invariants on the way.
   *
   * @param afterEachTask runs after each task, at its time, and once at the end
   */
  public void advance(Duration duration, Runnable afterEachTask) {
    long end = nanos + duration.toNanos();
    run(afterEachTask);
    while (!scheduled.isEmpty() && scheduled.peek().at <= end) {
      nanos = Math.max(nanos, scheduled.peek().at);
      run(afterEachTask);
    }
    nanos = end;
    run(afterEachTask);
    afterEachTask.run();
  }

  private void run(Runnable afterEachTask) {
    while (step()) {
      afterEachTask.run();
    }
  }

  /**
   * Lets time pass while nothing runs, as in a suspended machine whose monotonic clock goes on or a
   * long garbage collection; timers that came due run late, at the next call.
   */
  public void stall(Duration duration) {
    nanos += duration.toNanos();
  }

  /** Whether a task is ready or a timer is pending. */
  public boolean hasWork() {
    return !ready.isEmpty() || !scheduled.isEmpty();
  }

  private Timers.Timer schedule(Duration delay, Executor executor, Runnable task) {
    long at = nanos + Math.max(0, saturatedNanos(delay));
    Scheduled entry = new Scheduled(at, sequence++, executor, task);
    scheduled.add(entry);
    return () -> scheduled.remove(entry);
  }

  private static long saturatedNanos(Duration delay) {
    try {
      return delay.toNanos();
    } catch (ArithmeticException tooLong) {
      return delay.isNegative() ? 0 : Long.MAX_VALUE >> 1;
    }
  }

  private void handOverDue() {
    while (!scheduled.isEmpty() && scheduled.peek().at <= nanos) {
      Scheduled due = scheduled.remove();
      due.executor.execute(due.task);
    }
  }

  private static final class Scheduled implements Comparable<Scheduled> {

    private final long at;
    private final long order;
    private final Executor executor;
    private final Runnable task;

    private Scheduled(long at, long order, Executor executor, Runnable task) {
      this.at = at;
      this.order = order;
      this.executor = executor;
      this.task = task;
    }

    @Override
    public int compareTo(Scheduled other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }
}
