package dev.kcm.daemon.options;

/**
 * Settings of the garbage collector.
 *
 * @param concurrentSyncs workers of each of the two queues, at least 1
 * @param enabled whether it runs
 */
public record GarbageCollectorConfig(int concurrentSyncs, boolean enabled) {}
