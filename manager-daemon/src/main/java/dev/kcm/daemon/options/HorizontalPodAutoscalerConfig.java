package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the horizontal pod autoscaler.
 *
 * @param concurrentSyncs workers, at least 1
 * @param syncPeriod pause between two looks at the metrics of a target
 * @param downscaleStabilization window of which the highest recommendation counts
 * @param tolerance least change of the usage ratio that is acted on
 * @param cpuInitializationPeriod age below which CPU samples of a pod may be left out
 * @param initialReadinessDelay age below which a change of readiness counts as the first one
 */
public record HorizontalPodAutoscalerConfig(
    int concurrentSyncs,
    Duration syncPeriod,
    Duration downscaleStabilization,
    double tolerance,
    Duration cpuInitializationPeriod,
    Duration initialReadinessDelay) {}
