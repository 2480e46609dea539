package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Lets requests through at a given rate, in the order they came, without holding a thread.
 *
 * <p>Guarded by {@code lock}; what is let through runs outside of it.
 */
final class TokenBucket {

  /** Something that waits for its token. */
  @FunctionalInterface
  interface Ticket {

    /** Gives up the place in the line. Does nothing once the token was given. */
    void cancel();
  }

  private static final Ticket GIVEN = () -> {};

  private final Environment environment;
  private final Ticker ticker;
  private final Executor threads;
  private final long nanosPerToken;
  private final long mostCredit;
  private final Object lock = new Object();

  @GuardedBy("lock") private final Deque<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("lock") private long credit;

  @GuardedBy("lock") private long countedAt;

  @GuardedBy("lock") private boolean timerSet;

  /**
   * A full bucket.
   *
   * @param perSecond tokens per second; zero or less lets everything through at once
   * @param burst most tokens saved up, at least 1
   */
  TokenBucket(Environment environment, Executor threads, double perSecond, int burst) {
    this.environment = environment;
    this.ticker = environment.ticker();
    this.threads = threads;
    this.nanosPerToken = perSecond <= 0 ? 0 : Math.max(1, Math.round(1e9 / perSecond));
    this.mostCredit = Math.multiplyExact(nanosPerToken, (long) Math.max(1, burst));
    this.credit = mostCredit;
    this.countedAt = ticker.nanos();
  }

  /** Runs the task once there is a token for it, at once on this thread where there is. */
  Ticket acquire(Runnable task) {
    if (nanosPerToken > 0) {
      synchronized (lock) {
        count();
        if (!waiting.isEmpty() || credit < nanosPerToken) {
          waiting.add(task);
          setTimer();
          return () -> leave(task);
        }
        credit -= nanosPerToken;
      }
    }
    task.run();
    return GIVEN;
  }

  private void leave(Runnable task) {
    synchronized (lock) {
      waiting.removeFirstOccurrence(task);
    }
  }

  private void tick() {
    Deque<Runnable> served = new ArrayDeque<>();
    synchronized (lock) {
      timerSet = false;
      count();
      while (credit >= nanosPerToken && !waiting.isEmpty()) {
        credit -= nanosPerToken;
        served.add(waiting.remove());
      }
      setTimer();
    }
    served.forEach(Runnable::run);
  }

  @GuardedBy("lock") private void count() {
    long now = ticker.nanos();
    credit = Math.min(mostCredit, credit + (now - countedAt));
    countedAt = now;
  }

  @GuardedBy("lock") private void setTimer() {
    if (!timerSet && !waiting.isEmpty()) {
      timerSet = true;
      Duration delay = Duration.ofNanos(Math.max(0, nanosPerToken - credit));
      environment.timers().schedule(delay, threads, this::tick);
    }
  }
}
