package dev.kcm.controllers.network.endpointslice;

import java.time.Duration;

/**
 * Tunables of the EndpointSlice controller.
 *
 * @param concurrentSyncs Services worked on at a time, 1 to 50
 * @param maxEndpointsPerSlice most endpoints of one slice, 1 to 1000
 * @param updatesBatchPeriod how long a change of a pod waits for others; zero for not at all
 */
public record EndpointSliceConfig(
    int concurrentSyncs, int maxEndpointsPerSlice, Duration updatesBatchPeriod) {

  /** Services worked on at a time, by default: 5. */
  public static final int DEFAULT_CONCURRENT_SYNCS = 5;

  /** Most endpoints of one slice, by default: 100. */
  public static final int DEFAULT_MAX_ENDPOINTS = 100;

  private static final int MOST_SYNCS = 50;
  private static final int MOST_ENDPOINTS = 1000;

  public EndpointSliceConfig {
    check("concurrent-service-endpoint-syncs", concurrentSyncs, MOST_SYNCS);
    check("max-endpoints-per-slice", maxEndpointsPerSlice, MOST_ENDPOINTS);
    if (updatesBatchPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "endpointslice-updates-batch-period is "
              + updatesBatchPeriod
              + ", allowed: zero or more");
    }
  }

  /** As upstream runs without flags. */
  public static EndpointSliceConfig defaults() {
    return new EndpointSliceConfig(DEFAULT_CONCURRENT_SYNCS, DEFAULT_MAX_ENDPOINTS, Duration.ZERO);
  }

  private static void check(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(flag + " is " + value + ", allowed: 1 to " + most);
    }
  }
}
