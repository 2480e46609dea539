package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Series of the controller, under upstream's names. The measurement says when a deletion was due;
 * what is recorded is the time since.
 *
 * <p>Thread-safe: meters and clock are.
 */
final class TaintEvictionMetrics implements Consumer<Action.Measure> {

  static final String DELETIONS = "taint_eviction_controller_pod_deletions_total";
  static final String DURATION = "taint_eviction_controller_pod_deletion_duration_seconds";

  private static final double NANOS = 1e9;

  private final Counter deletions;
  private final Timer duration;
  private final Uptime uptime;

  private TaintEvictionMetrics(Counter deletions, Timer duration, Uptime uptime) {
    this.deletions = deletions;
    this.duration = duration;
    this.uptime = uptime;
  }

  static TaintEvictionMetrics in(MeterRegistry registry, Uptime uptime) {
    MeterGroup group = MeterGroup.in(registry, Tags.empty());
    return new TaintEvictionMetrics(
        group.counter(
            DELETIONS, "Total number of Pods deleted by TaintEvictionController since its start."),
        group.histogram(
            DURATION,
            "Latency, in seconds, between the time when a taint effect has been activated for the"
                + " Pod and its deletion via TaintEvictionController.",
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
        uptime);
  }

  /** A deletion that was due at a time of the controller's clock. */
  static Action.Measure deleted(Duration due, String why) {
    return new Action.Measure(DURATION, due.toNanos() / NANOS, Map.of(), why);
  }

  @Override
  public void accept(Action.Measure measure) {
    deletions.increment();
    duration.record(uptime.now().minus(Duration.ofNanos(Math.round(measure.value() * NANOS))));
  }
}
