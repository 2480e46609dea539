package dev.kcm.controllers.shared.evictions;

import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Series about deleted pods, under upstream's names. A measurement says when a deletion was due;
 * what is recorded is the time since.
 *
 * <p>Thread-safe: meters and clock are.
 */
public final class EvictionMetrics implements Consumer<Action.Measure> {

  private static final double NANOS = 1e9;

  private final Counter deletions;
  private final Timer duration;
  private final Supplier<Duration> clock;

  private EvictionMetrics(Counter deletions, Timer duration, Supplier<Duration> clock) {
    this.deletions = deletions;
    this.duration = duration;
    this.clock = clock;
  }

  /**
   * Registers the series of a controller.
   *
   * @param prefix of their names, for example {@code taint_eviction_controller}
   * @param deletionsHelp help text of the counter
   * @param durationHelp help text of the histogram
   * @param clock the clock that countdowns are due on; thread-safe
   */
  public static EvictionMetrics in(
      MeterRegistry registry,
      String prefix,
      String deletionsHelp,
      String durationHelp,
      Supplier<Duration> clock) {
    MeterGroup group = MeterGroup.in(registry, Tags.empty());
    return new EvictionMetrics(
        group.counter(prefix + "_pod_deletions_total", deletionsHelp),
        group.histogram(
            prefix + "_pod_deletion_duration_seconds",
            durationHelp,
            0.005,
            0.025,
            0.1,
            0.5,
            1,
            2.5,
            10,
            30,
            60,
            120,
            180,
            240),
        clock);
  }

  @Override
  public void accept(Action.Measure measure) {
    deletions.increment();
    duration.record(clock.get().minus(Duration.ofNanos(Math.round(measure.value() * NANOS))));
  }
}
