package dev.kcm.core.time;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real clocks and threads.
 *
 * <p>All executors share one pool of daemon threads; a thread carries the name of the component it
 * works for while it does. One daemon thread serves the timers and only hands tasks over.
 *
 * <p>Thread-safe: all state is in the pools.
 */
final class SystemEnvironment implements Environment {

  /** A pool thread ends after this long without work. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(SystemEnvironment.class);

  /** Comes after the constants, which its construction reads. */
  static final SystemEnvironment INSTANCE = new SystemEnvironment();

  private final LongAdder uncaught = new LongAdder();

  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE.toNanos(),
          TimeUnit.NANOSECONDS,
          new SynchronousQueue<>(),
          daemons("pool"));

  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, daemons("timers"));

  private final SecureRandom random = new SecureRandom();

  private SystemEnvironment() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Ticker ticker() {
    return System::nanoTime;
  }

  @Override
  public WallClock wallClock() {
    return Instant::now;
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
    return new NamedExecutor(name);
  }

  @Override
  public long uncaughtErrors() {
    return uncaught.sum();
  }

  /**
   * Lends threads of the pool under a name. The number in it is the lowest that is free, roughly:
   * how many run at this moment. Thread-safe: an atomic.
   */
  private final class NamedExecutor implements Executor, UncaughtErrors {

    private final String name;
    private final AtomicInteger running = new AtomicInteger();

    private NamedExecutor(String name) {
      this.name = name;
    }

    @Override
    public void execute(Runnable task) {
      pool.execute(() -> run(task));
    }

    @Override
    public void uncaught() {
      uncaught.increment();
    }

    private void run(Runnable task) {
      Thread thread = Thread.currentThread();
      String before = thread.getName();
      thread.setName(name + "-" + running.incrementAndGet());
      try {
        task.run();
      } catch (RuntimeException e) {
        uncaught();
        log.error("A task of {} failed", name, e);
      } finally {
        running.decrementAndGet();
        thread.setName(before);
      }
    }
  }

  private Timers.Timer schedule(Duration delay, Executor executor, Runnable task) {
    ScheduledFuture<?> future =
        timers.schedule(
            () -> handOver(executor, task), Math.max(0, nanos(delay)), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  private static void handOver(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closed) {
      log.debug("A timer fired for an executor that is closed");
    }
  }

  private static long nanos(Duration delay) {
    try {
      return delay.toNanos();
    } catch (ArithmeticException tooLong) {
      return delay.isNegative() ? 0 : Long.MAX_VALUE >> 1;
    }
  }

  private ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler(
          (t, e) -> {
            uncaught.increment();
            log.error("Thread {} ended by an error", t.getName(), e);
          });
      return thread;
    };
  }
}
