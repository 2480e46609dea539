package dev.kcm.controllers.node.podgc;

import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/**
 * Series of the collector, under upstream's names.
 *
 * <p>Thread-safe: meters are.
 */
final class PodGcMetrics implements Consumer<Action.Measure> {

  static final String DELETIONS = "pod_gc_collector_force_delete_pods_total";
  static final String ERRORS = "pod_gc_collector_force_delete_pod_errors_total";

  private final MeterRegistry registry;

  private PodGcMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  static PodGcMetrics in(MeterRegistry registry) {
    return new PodGcMetrics(registry);
  }

  @Override
  public void accept(Action.Measure measure) {
    Counter.builder(measure.meter())
        .description(
            measure.meter().equals(DELETIONS)
                ? "Number of pods that are being forcefully deleted since the Pod GC Controller"
                    + " started."
                : "Number of errors encountered when forcefully deleting pods since the Pod GC"
                    + " Controller started.")
        .tag("namespace", measure.labels().getOrDefault("namespace", ""))
        .tag("reason", measure.labels().getOrDefault("reason", ""))
        .register(registry)
        .increment(measure.value());
  }
}
