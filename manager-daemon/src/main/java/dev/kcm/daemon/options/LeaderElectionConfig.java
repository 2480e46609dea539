package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * The election that lets one of several instances run the controllers.
 *
 * @param enabled false starts the controllers at once
 * @param leaseDuration how long others wait after the last renewal they saw; whole seconds are
 *     written
 * @param renewDeadline how long a leader tries to renew before it gives up, less than the lease
 * @param retryPeriod pause between tries, less than the deadline divided by 1.2
 * @param resourceLock kind of the lock, always {@code leases} when enabled
 * @param resourceName name of the Lease
 * @param namespace namespace of the Lease
 * @param warmStandby whether the caches are filled while another instance leads
 */
public record LeaderElectionConfig(
    boolean enabled,
    Duration leaseDuration,
    Duration renewDeadline,
    Duration retryPeriod,
    String resourceLock,
    String resourceName,
    String namespace,
    boolean warmStandby) {}
