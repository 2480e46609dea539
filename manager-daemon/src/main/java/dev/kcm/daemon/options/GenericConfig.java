package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings all controllers share.
 *
 * @param minResyncPeriod least time between two resyncs of an informer; each draws once from 1x to
 *     2x
 * @param controllerStartInterval pause before each controller starts, drawn from 1x to 2x
 */
public record GenericConfig(Duration minResyncPeriod, Duration controllerStartInterval) {}
