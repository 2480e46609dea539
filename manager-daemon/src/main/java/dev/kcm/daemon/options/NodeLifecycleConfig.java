package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that watches over nodes.
 *
 * @param evictionRate nodes per second tainted in a healthy zone
 * @param secondaryEvictionRate nodes per second tainted in a large, unhealthy zone
 * @param startupGracePeriod time a starting node may be silent
 * @param monitorGracePeriod time a running node may be silent
 * @param largeClusterSizeThreshold nodes up to which a zone is small
 * @param unhealthyZoneThreshold share of unhealthy nodes that makes a zone unhealthy
 */
public record NodeLifecycleConfig(
    float evictionRate,
    float secondaryEvictionRate,
    Duration startupGracePeriod,
    Duration monitorGracePeriod,
    int largeClusterSizeThreshold,
    float unhealthyZoneThreshold) {}
