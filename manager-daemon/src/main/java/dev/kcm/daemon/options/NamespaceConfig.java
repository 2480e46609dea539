package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that empties namespaces.
 *
 * @param concurrentSyncs workers, at least 1
 * @param syncPeriod pause between two looks at every namespace
 */
public record NamespaceConfig(int concurrentSyncs, Duration syncPeriod) {}
