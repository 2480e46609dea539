package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller of Endpoints.
 *
 * @param concurrentSyncs workers, at least 1
 * @param updatesBatchPeriod delay before changes of pods are written; zero means none
 */
public record EndpointConfig(int concurrentSyncs, Duration updatesBatchPeriod) {}
