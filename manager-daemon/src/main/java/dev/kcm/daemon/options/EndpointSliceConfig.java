package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller of EndpointSlices.
 *
 * @param concurrentSyncs workers, 1 to 50
 * @param maxEndpointsPerSlice most endpoints in one slice, 1 to 1000
 * @param updatesBatchPeriod delay before changes of pods are written; zero means none
 */
public record EndpointSliceConfig(
    int concurrentSyncs, int maxEndpointsPerSlice, Duration updatesBatchPeriod) {}
