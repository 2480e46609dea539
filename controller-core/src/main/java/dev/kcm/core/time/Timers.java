package dev.kcm.core.time;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Runs tasks later, on the monotonic clock.
 *
 * <p>Thread-safe. Changes of the wall clock have no effect. Tasks that are due at the same time are
 * handed over in the order they were scheduled.
 */
@FunctionalInterface
public interface Timers {

  /**
   * Hands a task to an executor once the delay has passed.
   *
   * @param delay zero or negative means at once
   * @param executor runs the task; the timer thread itself never does
   * @param task what to run
   * @return a handle that cancels
   */
  Timer schedule(Duration delay, Executor executor, Runnable task);

  /** A scheduled task. */
  @FunctionalInterface
  interface Timer {

    /**
     * Cancels the task. Does nothing when it was already handed to its executor.
     *
     * @return true when the task will not run
     */
    boolean cancel();
  }
}
