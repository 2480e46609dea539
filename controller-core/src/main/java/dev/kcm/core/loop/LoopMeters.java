package dev.kcm.core.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters of one loop: how long runs take by result, and how often code threw.
 *
 * <p>Thread-safe: a concurrent map of meters.
 */
final class LoopMeters implements AutoCloseable {

  static final String RECONCILES = "kcm.reconcile.duration";
  static final String PANICS = "kcm.reconcile.panics";

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofSeconds(60)
  };

  private final MeterRegistry registry;
  private final String loop;
  private final Counter panics;
  private final Map<String, Timer> timerByResult = new ConcurrentHashMap<>();
  private volatile boolean closed;

  LoopMeters(MeterRegistry registry, String loop) {
    this.registry = registry;
    this.loop = loop;
    this.panics =
        Counter.builder(PANICS)
            .description("Runs that ended because code of the controller threw")
            .tag("controller", loop)
            .register(registry);
  }

  void ended(String result, Duration took) {
    if (!closed) {
      timerByResult.computeIfAbsent(result, this::register).record(took);
    }
  }

  void panicked() {
    panics.increment();
  }

  @Override
  public void close() {
    closed = true;
    registry.remove((Meter) panics);
    timerByResult.values().forEach(registry::remove);
    timerByResult.clear();
  }

  private Timer register(String result) {
    return Timer.builder(RECONCILES)
        .description("How long a run for one key takes, from taking it to its verdict")
        .tag("controller", loop)
        .tag("result", result)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
