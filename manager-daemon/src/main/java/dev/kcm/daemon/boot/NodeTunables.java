package dev.kcm.daemon.boot;

import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.daemon.options.Options;

/**
 * What the flags say to the controllers of nodes.
 *
 * <p>Immutable.
 */
final class NodeTunables {

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

  /** The number as it was written, so that 11 of 20 nodes reach a threshold of 0.55. */
  private static double exact(float given) {
    return Double.parseDouble(Float.toString(given));
  }
}
