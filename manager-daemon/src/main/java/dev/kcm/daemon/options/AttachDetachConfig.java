package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * Settings of the controller that attaches volumes to nodes.
 *
 * @param reconcilerSyncPeriod pause between two comparisons with the storage side, at least one
 *     second
 * @param disableReconcilerSync whether that comparison is off
 * @param disableForceDetachOnTimeout whether volumes stay attached when unmounting takes too long
 */
public record AttachDetachConfig(
    Duration reconcilerSyncPeriod,
    boolean disableReconcilerSync,
    boolean disableForceDetachOnTimeout) {}
