package dev.kcm.embedded.resource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A clock and a timer that only move when told to.
 *
 * <p>Confined to the test's thread.
 */
public final class VirtualTime {

  static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  private Instant now = START;
  private long sequence;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::number));

  public Clock clock() {
    return new VirtualClock();
  }

  public ScheduledExecutorService timer() {
    return new VirtualTimer();
  }

  public Instant now() {
    return now;
  }

  /** Moves on, running what comes due at its time. */
  public void advance(Duration duration) {
    Instant until = now.plus(duration);
    while (!tasks.isEmpty() && !tasks.peek().due.isAfter(until)) {
      Task task = tasks.remove();
      now = task.due;
      task.runDue();
    }
    now = until;
  }

  private final class VirtualClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    private Instant due;
    private final long number = sequence++;
    private final Duration period;

    Task(Runnable action, Duration delay, Duration period) {
      super(action, null);
      due = now.plus(delay);
      this.period = period;
    }

    Instant due() {
      return due;
    }

    long number() {
      return number;
    }

    void runDue() {
      if (period.isZero()) {
        run();
      } else if (runAndReset()) {
        due = due.plus(period);
        tasks.add(this);
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      tasks.remove(this);
      return super.cancel(mayInterrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(Duration.between(now, due));
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  private final class VirtualTimer extends AbstractExecutorService
      implements ScheduledExecutorService {

    private Task add(Runnable action, Duration delay, Duration period) {
      Task task = new Task(action, delay, period);
      tasks.add(task);
      return task;
    }

    private static Duration duration(long amount, TimeUnit unit) {
      return Duration.of(amount, unit.toChronoUnit());
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      return add(command, duration(delay, unit), Duration.ZERO);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException("callables are not needed");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long period, TimeUnit unit) {
      return add(command, duration(initialDelay, unit), duration(period, unit));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    @Override
    public void execute(Runnable command) {
      tasks.add(new Task(command, Duration.ZERO, Duration.ZERO));
    }

    @Override
    public void shutdown() {
      tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
      List<Runnable> waiting = new ArrayList<>(tasks);
      tasks.clear();
      return waiting;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
