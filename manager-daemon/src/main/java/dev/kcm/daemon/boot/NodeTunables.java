package dev.kcm.daemon.boot;

import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.node.nodeipam.NodeIpamController;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.daemon.options.ClusterConfig;
import dev.kcm.daemon.options.Options;
import java.util.Arrays;
import java.util.List;

/**
 * What the flags say to the controllers of nodes.
 *
 * <p>Immutable.
 */
final class NodeTunables {

  private static final int DEFAULT_IPV4 = 24;
  private static final int DEFAULT_IPV6 = 64;

  private NodeTunables() {}

  static NodeLifecycleConfig lifecycle(Options options, Problems problems) {
    dev.kcm.daemon.options.NodeLifecycleConfig given = options.settings().nodeLifecycle();
    return problems.attempt(
        "node-lifecycle-controller",
        NodeLifecycleConfig.defaults(),
        () ->
            new NodeLifecycleConfig(
                given.monitorGracePeriod(),
                given.startupGracePeriod(),
                exact(given.evictionRate()),
                exact(given.secondaryEvictionRate()),
                given.largeClusterSizeThreshold(),
                exact(given.unhealthyZoneThreshold())));
  }

  static NodeIpamConfig ipam(Options options, Problems problems) {
    ClusterConfig cluster = options.cluster();
    if (!cluster.allocateNodeCidrs()
        || !options.controllers().isSelected(NodeIpamController.NAME)) {
      return NodeIpamConfig.defaults();
    }
    dev.kcm.daemon.options.NodeIpamConfig given = options.settings().nodeIpam();
    List<String> ranges = entries(cluster.clusterCidr());
    return problems.attempt(
        "--cluster-cidr",
        NodeIpamConfig.defaults(),
        () ->
            new NodeIpamConfig(
                ranges.stream()
                    .map(range -> new ClusterRange(range, mask(range, ranges.size(), given)))
                    .toList(),
                entries(given.serviceClusterIpRange())));
  }

  private static int mask(String range, int ranges, dev.kcm.daemon.options.NodeIpamConfig given) {
    boolean v6 = range.indexOf(':') >= 0;
    int ofFamily = v6 ? given.maskSizeIpv6() : given.maskSizeIpv4();
    int chosen = ranges == 1 && given.maskSize() != 0 ? given.maskSize() : ofFamily;
    return chosen != 0 ? chosen : v6 ? DEFAULT_IPV6 : DEFAULT_IPV4;
  }

  private static List<String> entries(String commaSeparated) {
    return Arrays.stream(commaSeparated.split(",", -1))
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** The number as it was written, so that 11 of 20 nodes reach a threshold of 0.55. */
  private static double exact(float given) {
    return Double.parseDouble(Float.toString(given));
  }
}
