package dev.kcm.testkit.cluster;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timers and threads of an environment in the form the embedded cluster takes them. Shutting it
 * down keeps what is due later from running.
 *
 * <p>Thread-safe: {@code shutDown} is written once, {@code waiting} is a concurrent set, and each
 * task guards its own timer.
 */
final class EnvironmentTimer extends AbstractExecutorService implements ScheduledExecutorService {

  private final Environment environment;
  private final Executor executor;
  private final Set<Task<?>> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean shutDown;

  EnvironmentTimer(Environment environment) {
    this.environment = environment;
    this.executor = environment.executor("embedded-cluster");
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
    return new Task<Void>(action, unit.toNanos(delay), 0).begin();
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> action, long delay, TimeUnit unit) {
    return new Task<>(action, unit.toNanos(delay)).begin();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable action, long delay, long period, TimeUnit unit) {
    return new Task<Void>(action, unit.toNanos(delay), unit.toNanos(period)).begin();
  }

  /** As at a fixed rate: nothing here takes time of its own. */
  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable action, long delay, long period, TimeUnit unit) {
    return scheduleAtFixedRate(action, delay, period, unit);
  }

  /** Cancels what is due later. */
  @Override
  public void shutdown() {
    shutDown = true;
    waiting.forEach(task -> task.cancel(false));
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutDown;
  }

  @Override
  public boolean isTerminated() {
    return shutDown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutDown;
  }

  /** One scheduled action. Guarded by {@code lock}. */
  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

    private final Object lock = new Object();
    private final long periodNanos;
    private long dueNanos;
    private Timers.@Nullable Timer timer;

    private Task(Runnable action, long delayNanos, long periodNanos) {
      super(action, null);
      this.dueNanos = environment.ticker().nanos() + delayNanos;
      this.periodNanos = periodNanos;
    }

    private Task(Callable<V> action, long delayNanos) {
      super(action);
      this.dueNanos = environment.ticker().nanos() + delayNanos;
      this.periodNanos = 0;
    }

    private Task<V> begin() {
      waiting.add(this);
      synchronized (lock) {
        Duration delay = Duration.ofNanos(dueNanos - environment.ticker().nanos());
        timer = environment.timers().schedule(delay, executor, this::runDue);
      }
      return this;
    }

    private void runDue() {
      waiting.remove(this);
      if (shutDown || isCancelled()) {
        return;
      }
      if (periodNanos == 0) {
        run();
      } else if (runAndReset()) {
        synchronized (lock) {
          dueNanos += periodNanos;
        }
        var unused = begin();
        if (shutDown || isCancelled()) {
          stopTimer();
        }
      }
    }

    @Override
    public boolean cancel(boolean interrupt) {
      boolean cancelled = super.cancel(interrupt);
      stopTimer();
      return cancelled;
    }

    private void stopTimer() {
      waiting.remove(this);
      synchronized (lock) {
        if (timer != null) {
          timer.cancel();
        }
      }
    }

    @Override
    public long getDelay(TimeUnit unit) {
      synchronized (lock) {
        return unit.convert(dueNanos - environment.ticker().nanos(), TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    // Tasks are told apart by identity; the order is only for queues that are not used here.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
