package dev.kcm.core.loop;

import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The meters that controllers built with controller-runtime have, under their names, so that
 * dashboards and alerts go on working after a move.
 *
 * <p>Immutable; the meters are thread-safe.
 */
final class RuntimeMeters implements AutoCloseable {

  private static final double[] BUCKETS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9,
    1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50,
    60
  };

  private final MeterGroup meters;
  private final Map<String, MeterGroup> groups;
  private final Map<String, Counter> totalByResult;
  private final Counter errors;
  private final Counter terminalErrors;
  private final Counter panics;
  private final Counter timeouts;
  private final Timer time;

  /**
   * Registers all series, so that they exist with 0.
   *
   * @param prefix for example {@code controller_runtime}
   */
  RuntimeMeters(
      MeterRegistry registry,
      String prefix,
      String controller,
      IntSupplier workers,
      IntSupplier inFlight) {
    this.meters = MeterGroup.in(registry, Tags.of("controller", controller));
    this.groups =
        Map.of(
            "success", meters.with("result", "success"),
            "error", meters.with("result", "error"),
            "requeue", meters.with("result", "requeue"),
            "requeue_after", meters.with("result", "requeue_after"));
    String total = prefix + "_reconcile_total";
    this.totalByResult =
        Map.of(
            "success", total(total, "success"),
            "error", total(total, "error"),
            "requeue", total(total, "requeue"),
            "requeue_after", total(total, "requeue_after"));
    this.errors =
        meters.counter(
            prefix + "_reconcile_errors_total",
            "Total number of reconciliation errors per controller");
    this.terminalErrors =
        meters.counter(
            prefix + "_terminal_reconcile_errors_total",
            "Total number of terminal reconciliation errors per controller");
    this.panics =
        meters.counter(
            prefix + "_reconcile_panics_total",
            "Total number of reconciliation panics per controller");
    this.timeouts =
        meters.counter(
            prefix + "_reconcile_timeouts_total",
            "Total number of reconciliation timeouts per controller");
    this.time =
        meters.histogram(
            prefix + "_reconcile_time_seconds",
            "Length of time per reconciliation per controller",
            BUCKETS);
    meters.gauge(
        prefix + "_max_concurrent_reconciles",
        "Maximum number of concurrent reconciles per controller",
        workers::getAsInt);
    meters.gauge(
        prefix + "_active_workers",
        "Number of currently used workers per controller",
        inFlight::getAsInt);
  }

  void ended(Outcome outcome, boolean timedOut, Duration took) {
    time.record(took);
    Verdict verdict = outcome.verdict();
    boolean failed = verdict instanceof Verdict.Retry || verdict instanceof Verdict.Drop;
    if (failed) {
      errors.increment();
    }
    if (verdict instanceof Verdict.Drop) {
      terminalErrors.increment();
    }
    if (outcome.ending() == Outcome.Ending.CRASHED) {
      panics.increment();
    }
    if (timedOut) {
      timeouts.increment();
    }
    String result =
        failed ? "error" : verdict instanceof Verdict.After ? "requeue_after" : "success";
    totalByResult.getOrDefault(result, errors).increment();
  }

  @Override
  public void close() {
    meters.close();
    groups.values().forEach(MeterGroup::close);
  }

  private Counter total(String name, String result) {
    return groups
        .getOrDefault(result, meters)
        .counter(name, "Total number of reconciliations per controller");
  }
}
