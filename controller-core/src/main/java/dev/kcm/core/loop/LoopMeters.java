package dev.kcm.core.loop;

import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.run.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one loop: how long runs take by result, how many there are, and how often code threw.
 *
 * <p>Thread-safe: a concurrent map of meters; {@code closed} is set once, by the stop.
 */
final class LoopMeters implements AutoCloseable {

  static final String RECONCILES = "kcm_reconcile_duration_seconds";
  static final String PANICS = "kcm_reconcile_panics_total";
  static final String TIMEOUTS = "kcm_reconcile_timeouts_total";
  static final String HELD_BACK = "kcm_reconcile_held_back_total";
  static final String IN_FLIGHT = "kcm_reconcile_in_flight";

  private static final double[] BUCKETS = {0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60};

  private final MeterGroup meters;
  private final Counter panics;
  private final Counter timeouts;
  private final Counter heldBack;
  private final @Nullable RuntimeMeters runtime;
  private final Map<String, Series> seriesByResult = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param workers most keys worked on at a time
   * @param inFlight keys being worked on
   */
  LoopMeters(MeterRegistry registry, Loop<?> loop, IntSupplier workers, IntSupplier inFlight) {
    this.meters = MeterGroup.in(registry, Tags.of("controller", loop.name()));
    this.panics = meters.counter(PANICS, "Runs that ended because code of the controller threw");
    this.timeouts = meters.counter(TIMEOUTS, "Runs that were cancelled because they took too long");
    this.heldBack =
        meters.counter(
            HELD_BACK, "Times a key was put back because the cache was behind its own last write");
    // Two loops may have one queue name, and then one name.
    meters.sharedGauge(IN_FLIGHT, "Keys that are being worked on", inFlight::getAsInt);
    String prefix = loop.runtimeMeters();
    this.runtime =
        prefix == null ? null : new RuntimeMeters(registry, prefix, loop.name(), workers, inFlight);
  }

  void ended(Outcome outcome, boolean timedOut, Duration took) {
    if (closed) {
      return;
    }
    String result = timedOut ? "timeout" : resultText(outcome);
    seriesByResult.computeIfAbsent(result, this::register).durations().record(took);
    if (outcome.ending() == Outcome.Ending.CRASHED) {
      panics.increment();
    }
    if (timedOut) {
      timeouts.increment();
    }
    if (runtime != null) {
      runtime.ended(outcome, timedOut, took);
    }
  }

  void heldBack() {
    heldBack.increment();
  }

  @Override
  public void close() {
    closed = true;
    meters.close();
    if (runtime != null) {
      runtime.close();
    }
    seriesByResult.values().forEach(series -> series.group().close());
  }

  private static String resultText(Outcome outcome) {
    return switch (outcome.ending()) {
      case STOPPED -> "stopped";
      case CRASHED -> "panic";
      case CONFLICTED -> "conflict";
      case DECIDED, REJECTED ->
          outcome.verdict().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private Series register(String result) {
    MeterGroup group = meters.with("result", result);
    return new Series(
        group,
        group.histogram(RECONCILES, "Time from taking a key to its verdict, by result", BUCKETS));
  }

  private record Series(MeterGroup group, Timer durations) {}
}
