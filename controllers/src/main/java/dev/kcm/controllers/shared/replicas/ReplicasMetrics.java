package dev.kcm.controllers.shared.replicas;

import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/**
 * Series of the engine, under upstream's names. Both controllers feed the same.
 *
 * <p>Thread-safe: meters are.
 */
public final class ReplicasMetrics implements Consumer<Action.Measure> {

  /** Histogram: age of each ready victim over the age of the youngest ready pod. */
  static final String AGE_RATIO = "replicaset_controller_sorting_deletion_age_ratio";

  private final DistributionSummary ageRatio;

  private ReplicasMetrics(DistributionSummary ageRatio) {
    this.ageRatio = ageRatio;
  }

  /** The series in a registry; asked twice, it is the same ones. */
  public static ReplicasMetrics in(MeterRegistry meters) {
    return new ReplicasMetrics(
        DistributionSummary.builder(AGE_RATIO)
            .description(
                "Age of each ready pod chosen for deletion over the age of the youngest ready"
                    + " pod, cut to whole numbers.")
            .serviceLevelObjectives(0.25, 0.5, 1, 2, 4, 8)
            .register(meters));
  }

  /** Ratios are whole numbers; a summary would round others before it looks for the bucket. */
  @Override
  public void accept(Action.Measure measure) {
    ageRatio.record(measure.value());
  }
}
