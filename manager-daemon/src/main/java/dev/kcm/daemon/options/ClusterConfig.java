package dev.kcm.daemon.options;

import java.time.Duration;

/**
 * What the controllers know about the cluster, and settings left from cloud providers.
 *
 * @param allocateNodeCidrs whether nodes are given pod address ranges
 * @param cidrAllocatorType how; only {@code RangeAllocator}
 * @param clusterCidr the range of pod addresses, or two of different families with a comma
 * @param clusterName a name nothing reads any more
 * @param useServiceAccountCredentials whether each controller has its own identity
 * @param nodeMonitorPeriod tick of the node health loop
 * @param cloudProvider empty or {@code external}
 * @param cloudConfig shown at {@code /configz} only
 * @param externalCloudVolumePlugin shown at {@code /configz} only
 * @param configureCloudRoutes shown at {@code /configz} only
 * @param routeReconciliationPeriod shown at {@code /configz} only
 * @param allowUntaggedCloud shown at {@code /configz} only
 * @param nodeSyncPeriod shown at {@code /configz} only
 */
public record ClusterConfig(
    boolean allocateNodeCidrs,
    String cidrAllocatorType,
    String clusterCidr,
    String clusterName,
    boolean useServiceAccountCredentials,
    Duration nodeMonitorPeriod,
    String cloudProvider,
    String cloudConfig,
    String externalCloudVolumePlugin,
    boolean configureCloudRoutes,
    Duration routeReconciliationPeriod,
    boolean allowUntaggedCloud,
    Duration nodeSyncPeriod) {}
