package dev.kcm.controllers.node.nodeipam;

import java.util.List;

/**
 * Tunables of the node IPAM controller.
 *
 * @param clusterRanges ranges of pod addresses; each node gets one block of each, in this order;
 *     none means that the controller has nothing to do
 * @param serviceRanges ranges of service addresses that are never handed out
 */
public record NodeIpamConfig(List<ClusterRange> clusterRanges, List<String> serviceRanges) {

  /** Copies both. */
  public NodeIpamConfig {
    clusterRanges = List.copyOf(clusterRanges);
    serviceRanges = List.copyOf(serviceRanges);
  }

  /** As upstream runs without flags: it gives out nothing. */
  public static NodeIpamConfig defaults() {
    return new NodeIpamConfig(List.of(), List.of());
  }
}
