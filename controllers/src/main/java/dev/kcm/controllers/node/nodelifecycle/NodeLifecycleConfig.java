package dev.kcm.controllers.node.nodelifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Tunables of the node lifecycle controller.
 *
 * @param monitorGracePeriod how long a node may be silent before it counts as lost; more than zero
 * @param startupGracePeriod the same for a node that has never reported; more than zero
 * @param evictionRate nodes per second whose pods are sent away, in a zone that is well or wholly
 *     lost; 0 or more
 * @param secondaryEvictionRate the same in a large zone of which a great part is lost; 0 or more
 * @param largeClusterSizeThreshold up to so many nodes a zone is small: while a great part of it is
 *     lost, nothing is sent away
 * @param unhealthyZoneThreshold which share of the nodes is a great part; 0 to 1
 */
public record NodeLifecycleConfig(
    Duration monitorGracePeriod,
    Duration startupGracePeriod,
    double evictionRate,
    double secondaryEvictionRate,
    int largeClusterSizeThreshold,
    double unhealthyZoneThreshold) {

  private static final NodeLifecycleConfig DEFAULTS =
      new NodeLifecycleConfig(Duration.ofSeconds(50), Duration.ofSeconds(60), 0.1, 0.01, 50, 0.55);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming all that are out of range
   */
  public NodeLifecycleConfig {
    List<String> problems = new ArrayList<>();
    requirePositive(problems, "--node-monitor-grace-period", monitorGracePeriod);
    requirePositive(problems, "--node-startup-grace-period", startupGracePeriod);
    requireRate(problems, "--node-eviction-rate", evictionRate);
    requireRate(problems, "--secondary-node-eviction-rate", secondaryEvictionRate);
    if (!(unhealthyZoneThreshold >= 0 && unhealthyZoneThreshold <= 1)) {
      problems.add("--unhealthy-zone-threshold is " + unhealthyZoneThreshold + ", allowed: 0 to 1");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** As upstream runs without flags. */
  public static NodeLifecycleConfig defaults() {
    return DEFAULTS;
  }

  private static void requirePositive(List<String> problems, String flag, Duration value) {
    if (value.isZero() || value.isNegative()) {
      problems.add(flag + " is " + value + ", allowed: more than 0");
    }
  }

  private static void requireRate(List<String> problems, String flag, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      problems.add(flag + " is " + value + ", allowed: 0 or more");
    }
  }
}
