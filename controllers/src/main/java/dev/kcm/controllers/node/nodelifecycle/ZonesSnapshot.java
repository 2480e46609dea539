package dev.kcm.controllers.node.nodelifecycle;

import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All inputs of one decision about the zones.
 *
 * @param zones by name
 * @param tainted nodes with a taint that sends pods away for their health
 * @param uptime monotonic time of this decision
 * @param config tunables
 */
record ZonesSnapshot(
    Map<String, Zone> zones, List<Node> tainted, Duration uptime, NodeLifecycleConfig config) {

  ZonesSnapshot {
    zones = Map.copyOf(zones);
    tainted = List.copyOf(tainted);
  }

  /** Whether no zone has a node that is ready: more likely it is this process that is cut off. */
  boolean isAllLost() {
    List<Zone> counted = zones.values().stream().filter(zone -> zone.size() > 0).toList();
    return !counted.isEmpty() && counted.stream().allMatch(zone -> zone.ready() == 0);
  }
}
