package dev.kcm.controllers.network.endpointslicemirroring;

import java.time.Duration;

/**
 * Tunables of the mirroring controller.
 *
 * @param concurrentSyncs Endpoints worked on at a time, 1 to 50
 * @param maxEndpointsPerSubset most addresses mirrored from one subset, 1 to 1000
 * @param updatesBatchPeriod how long a change of slices waits for others; zero for not at all
 */
public record MirroringConfig(
    int concurrentSyncs, int maxEndpointsPerSubset, Duration updatesBatchPeriod) {

  /** Endpoints worked on at a time, by default: 5. */
  public static final int DEFAULT_CONCURRENT_SYNCS = 5;

  /** Most addresses mirrored from one subset, by default: 1000. */
  public static final int DEFAULT_MAX_ENDPOINTS = 1000;

  private static final int MOST_SYNCS = 50;
  private static final int MOST_ENDPOINTS = 1000;

  public MirroringConfig {
    check("mirroring-concurrent-service-endpoint-syncs", concurrentSyncs, MOST_SYNCS);
    check("mirroring-max-endpoints-per-subset", maxEndpointsPerSubset, MOST_ENDPOINTS);
    if (updatesBatchPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "mirroring-endpointslice-updates-batch-period is "
              + updatesBatchPeriod
              + ", allowed: zero or more");
    }
  }

  /** As upstream runs without flags. */
  public static MirroringConfig defaults() {
    return new MirroringConfig(DEFAULT_CONCURRENT_SYNCS, DEFAULT_MAX_ENDPOINTS, Duration.ZERO);
  }

  private static void check(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(flag + " is " + value + ", allowed: 1 to " + most);
    }
  }
}
