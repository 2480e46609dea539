package dev.kcm.core.informer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of the handlers of one name. Thread-safe: {@code pending} and {@code users} are
 * atomics, changed by whoever changes a line, or joins or leaves.
 */
final class HandlerMeters {

  private final MeterRegistry registry;
  private final Gauge gauge;
  private final Timer latency;
  private final Counter failures;
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger users = new AtomicInteger();

  HandlerMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.gauge =
        Gauge.builder("informer_handler_pending", pending::get)
            .description("Notifications that wait for the handler")
            .tags(tags)
            .register(registry);
    this.latency =
        Timer.builder("informer_handler_latency")
            .description("How long calls of the handler took")
            .serviceLevelObjectives(
                Duration.ofNanos(10_000),
                Duration.ofNanos(100_000),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10))
            .tags(tags)
            .register(registry);
    this.failures =
        Counter.builder("informer_handler_failures")
            .description("Calls of the handler that threw")
            .tags(tags)
            .register(registry);
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

  /** One handler less; returns whether it was the last, which takes the meters away. */
  boolean leave() {
    if (users.decrementAndGet() > 0) {
      return false;
    }
    registry.remove(gauge);
    registry.remove(latency);
    registry.remove(failures);
    return true;
  }
}
