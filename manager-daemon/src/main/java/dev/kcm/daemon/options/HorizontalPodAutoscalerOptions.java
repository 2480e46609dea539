package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTypes;
import dev.kcm.daemon.flags.FlagValues;
import java.time.Duration;
import java.util.List;

/**
 * Horizontal scaling.
 *
 * <p><i>Immutable.</i>
 */
final class HorizontalPodAutoscalerOptions implements OptionGroup<HorizontalPodAutoscalerConfig> {

  private static final Flag<Integer> SYNCS =
      WorkersOptions.flag(
          "concurrent-horizontal-pod-autoscaler-syncs", 5, "HorizontalPodAutoscalers");

  private static final Flag<Duration> PERIOD =
      Flag.duration(
          "horizontal-pod-autoscaler-sync-period",
          "15s",
          "Pause between two looks at the metrics of a target.");

  private static final Flag<Duration> DOWNSCALE =
      Flag.duration(
          "horizontal-pod-autoscaler-downscale-stabilization",
          "5m",
          "Time over which the highest recommendation counts before scaling down.");

  private static final Flag<Double> TOLERANCE =
      Flag.of(
          "horizontal-pod-autoscaler-tolerance",
          FlagTypes.FLOAT64,
          0.1d,
          "Change of the ratio of wanted to actual metrics that is too small to act on.");

  private static final Flag<Duration> CPU_INIT =
      Flag.duration(
          "horizontal-pod-autoscaler-cpu-initialization-period",
          "5m",
          "Time after the start of a pod in which its CPU samples may be left out.");

  private static final Flag<Duration> READINESS =
      Flag.duration(
          "horizontal-pod-autoscaler-initial-readiness-delay",
          "30s",
          "Time after the start of a pod in which readiness changes count as start-up.");

  private static final Flag<Boolean> REST_CLIENTS =
      Flag.bool("horizontal-pod-autoscaler-use-rest-clients", true, "Without effect.")
          .ignoredSince(
              "1.22", "metrics are always read through the metrics APIs, it can be left out");

  private static final Flag<Duration> UPSCALE_DELAY =
      Flag.duration("horizontal-pod-autoscaler-upscale-delay", "3m", "Without effect.")
          .ignoredSince("1.31", "scaling up has no delay, it can be left out");

  private static final Flag<Duration> DOWNSCALE_DELAY =
      Flag.duration("horizontal-pod-autoscaler-downscale-delay", "5m", "Without effect.")
          .ignoredSince("1.31", "use --horizontal-pod-autoscaler-downscale-stabilization");

  @Override
  public List<FlagGroup> flags() {
    return List.of(
        FlagGroup.of(
            "horizontal-pod-autoscaler-controller",
            SYNCS,
            PERIOD,
            DOWNSCALE,
            TOLERANCE,
            CPU_INIT,
            READINESS,
            REST_CLIENTS,
            UPSCALE_DELAY,
            DOWNSCALE_DELAY));
  }

  @Override
  public void check(Checks checks) {
    checks.atLeastOne(SYNCS);
  }

  @Override
  public HorizontalPodAutoscalerConfig read(FlagValues values) {
    return new HorizontalPodAutoscalerConfig(
        values.get(SYNCS),
        values.get(PERIOD),
        values.get(DOWNSCALE),
        values.get(TOLERANCE),
        values.get(CPU_INIT),
        values.get(READINESS));
  }
}
