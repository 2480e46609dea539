package dev.kcm.controllers.network.endpoints;

import java.time.Duration;

/**
 * Tunables of the Endpoints controller.
 *
 * @param concurrentSyncs Services worked on at a time, 1 or more
 * @param updatesBatchPeriod how long a change of a pod waits for others; zero for not at all
 */
public record EndpointsConfig(int concurrentSyncs, Duration updatesBatchPeriod) {

  /** Services worked on at a time, by default: 5. */
  public static final int DEFAULT_CONCURRENT_SYNCS = 5;

  public EndpointsConfig {
    if (concurrentSyncs < 1) {
      throw new IllegalArgumentException(
          "concurrent-endpoint-syncs is " + concurrentSyncs + ", allowed: 1 or more");
    }
    if (updatesBatchPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "endpoint-updates-batch-period is " + updatesBatchPeriod + ", allowed: zero or more");
    }
  }

  /** As upstream runs without flags. */
  public static EndpointsConfig defaults() {
    return new EndpointsConfig(DEFAULT_CONCURRENT_SYNCS, Duration.ZERO);
  }
}
