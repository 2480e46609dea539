package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that counts what quotas limit.
 *
 * @param concurrentSyncs workers of each of the two queues, at least 1
 * @param syncPeriod pause between two full counts
 */
public record ResourceQuotaConfig(int concurrentSyncs, Duration syncPeriod) {}
