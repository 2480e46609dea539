package dev.kcm.core.informer;

import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of the handlers of one name. Thread-safe: {@code pending} and {@code users} are
 * atomics, changed by whoever changes a line, or joins or leaves.
 */
final class HandlerMeters {

  private static final double[] LATENCY_SECONDS = {
    0.00005, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10
  };

  private final MeterGroup group;
  private final Timer latency;
  private final Counter failures;
  private final Counter collapsed;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger users = new AtomicInteger();

  /** Registers them in a group of their own. */
  HandlerMeters(MeterGroup group) {
    this.group = group;
    group.gauge(
        "informer_handler_pending", "Notifications that wait for the handler.", pending::get);
    this.latency =
        group.histogram(
            "informer_handler_latency_seconds",
            "How long calls of the handler took.",
            LATENCY_SECONDS);
    this.failures =
        group.counter("informer_handler_failures_total", "Calls of the handler that threw.");
    this.collapsed =
        group.counter(
            "informer_handler_collapsed_total",
            "Objects the handler never heard of, since its line was too long.");
  }

  void join() {
    users.incrementAndGet();
  }

  void pendingChangedBy(int change) {
    pending.addAndGet(change);
  }

  void told(long nanos) {
    latency.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed() {
    failures.increment();
  }

  void collapsed() {
    collapsed.increment();
  }

  /** One handler less; returns whether it was the last, which takes the meters away. */
  boolean leave() {
    if (users.decrementAndGet() > 0) {
      return false;
    }
    group.close();
    return true;
  }
}
