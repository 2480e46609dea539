package dev.kcm.core.lease;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Ends a term whose lease was not renewed in time, whatever the election's own thread and its
 * requests do, and casts doubt on a term when it runs late itself.
 *
 * <p>Confined to its executor after {@link #start()}; one timer at a time.
 */
final class Watchdog {

  private final Term term;
  private final Environment environment;
  private final Timers timers;
  private final Executor executor;
  private final long periodNanos;
  private final long deadlineNanos;
  private final Consumer<String> expired;
  private long dueNanos;

  /**
   * @param executor its own
   * @param expired called once, when the lease was not renewed in time, with the reason
   */
  Watchdog(
      Term term,
      Environment environment,
      LeaderElectionConfig config,
      Executor executor,
      Consumer<String> expired) {
    this.term = term;
    this.environment = environment;
    this.timers = environment.timers();
    this.executor = executor;
    this.periodNanos = config.retryPeriod().toNanos();
    this.deadlineNanos = config.renewDeadline().toNanos();
    this.expired = expired;
  }

  void start() {
    executor.execute(this::schedule);
  }

  private void schedule() {
    long now = environment.ticker().nanos();
    long left = term.renewal().nanos() + deadlineNanos - now;
    long delay = Math.max(0, Math.min(periodNanos, left));
    dueNanos = now + delay;
    timers.schedule(Duration.ofNanos(delay), executor, this::tick);
  }

  private void tick() {
    if (term.isOver()) {
      return;
    }
    long now = environment.ticker().nanos();
    Duration age = term.renewal().age(environment);
    if (age.toNanos() >= deadlineNanos) {
      expired.accept(
          "the lease was last renewed %s ago, the limit is %s"
              .formatted(age, Duration.ofNanos(deadlineNanos)));
      return;
    }
    if (now - dueNanos > periodNanos) {
      term.doubt();
    } else {
      // Compares the clocks.
      term.isLeading();
    }
    schedule();
  }
}
