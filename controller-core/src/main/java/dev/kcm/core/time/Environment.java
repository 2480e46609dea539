package dev.kcm.core.time;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Everything that is not in the arguments: clocks, timers, randomness, threads.
 *
 * <p>One environment is handed down at construction; no component reads a clock, draws a random
 * number or starts a thread any other way. That is what makes a whole manager run on virtual time.
 * Thread-safe.
 */
public interface Environment {

  /** The monotonic clock. */
  Ticker ticker();

  /** The time of day. */
  WallClock wallClock();

  /** Timers on the monotonic clock. */
  Timers timers();

  /** Random numbers; thread-safe. */
  RandomGenerator random();

  /**
   * An executor without limit whose threads are daemons, carry the given name with a number, are
   * started on demand and end when idle for a while. Exceptions of tasks are logged and do not end
   * anything.
   *
   * <p>Tasks may run in parallel. For one at a time, wrap it in a {@link SerialExecutor}.
   *
   * @param name prefix of the thread name, for example {@code replicaset-worker}
   */
  Executor executor(String name);

  /**
   * How many tasks have ended by an exception or error that nobody caught, in all executors of this
   * environment. Each was logged; a task of this library that does so is a bug. For a meter.
   */
  default long uncaughtErrors() {
    return 0;
  }

  /** The real environment: system clocks, daemon threads, unseeded randomness. */
  static Environment system() {
    return SystemEnvironment.INSTANCE;
  }
}
