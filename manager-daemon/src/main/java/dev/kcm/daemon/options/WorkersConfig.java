package dev.kcm.daemon.options;

/**
 * How much a controller does at once.
 *
 * @param concurrentSyncs workers, at least 1
 */
public record WorkersConfig(int concurrentSyncs) {}
