package dev.kcm.daemon.options;

/**
 * What is left of the controller of load balancers; shown at {@code /configz} only.
 *
 * @param concurrentSyncs a number nothing reads
 */
public record ServiceConfig(int concurrentSyncs) {}
