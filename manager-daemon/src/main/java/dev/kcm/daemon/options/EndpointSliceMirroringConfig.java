package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that mirrors Endpoints as EndpointSlices.
 *
 * @param concurrentSyncs workers, 1 to 50
 * @param maxEndpointsPerSubset most endpoints mirrored from one subset, 1 to 1000
 * @param updatesBatchPeriod delay before changes are written; zero means none
 */
public record EndpointSliceMirroringConfig(
    int concurrentSyncs, int maxEndpointsPerSubset, Duration updatesBatchPeriod) {}
