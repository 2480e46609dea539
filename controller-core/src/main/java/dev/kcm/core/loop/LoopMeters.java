package dev.kcm.core.loop;

import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * Meters of one loop: how long runs take by result, how many there are, and how often code threw.
 *
 * <p>Thread-safe: a concurrent map of meters; {@code closed} is set once, by the stop.
 */
final class LoopMeters implements AutoCloseable {

  static final String RECONCILES = "kcm_reconcile_duration_seconds";
  static final String PANICS = "kcm_reconcile_panics_total";
  static final String IN_FLIGHT = "kcm_reconcile_in_flight";

  private static final double[] BUCKETS = {0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60};

  private final MeterGroup meters;
  private final Counter panics;
  private final Map<String, Series> seriesByResult = new ConcurrentHashMap<>();
  private volatile boolean closed;

  LoopMeters(MeterRegistry registry, String loop) {
    this.meters = MeterGroup.in(registry, Tags.of("controller", loop));
    this.panics = meters.counter(PANICS, "Runs that ended because code of the controller threw");
  }

  void inFlight(IntSupplier keys) {
    meters.gauge(IN_FLIGHT, "Keys that are being worked on", keys::getAsInt);
  }

  void ended(String result, Duration took) {
    if (!closed) {
      seriesByResult.computeIfAbsent(result, this::register).durations().record(took);
    }
  }

  void panicked() {
    panics.increment();
  }

  @Override
  public void close() {
    closed = true;
    meters.close();
    seriesByResult.values().forEach(series -> series.group().close());
  }

  private Series register(String result) {
    MeterGroup group = meters.with("result", result);
    return new Series(
        group,
        group.histogram(RECONCILES, "Time from taking a key to its verdict, by result", BUCKETS));
  }

  private record Series(MeterGroup group, Timer durations) {}
}
