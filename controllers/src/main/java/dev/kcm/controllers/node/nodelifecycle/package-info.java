/**
 * The node lifecycle controller: finds out which nodes are lost, says so in their conditions and on
 * their pods, and taints nodes that are not well, so that new pods stay away and, zone by zone and
 * at a limited rate, pods that run there leave.
 *
 * <p><b>Watches</b> Nodes; Leases of namespace {@code kube-node-lease}, as signs of life; pods, to
 * mark them.
 *
 * <p><b>Writes</b> nodes/status: update (conditions); nodes: get, patch (taints, labels);
 * pods/status: update (condition Ready).
 *
 * <p><b>Queue keys</b> name of the node; namespace and name of the pod; one for all zones.
 * <b>Flags</b> {@code --node-monitor-grace-period} (50s), {@code --node-startup-grace-period}
 * (60s), {@code --node-eviction-rate} (0.1), {@code --secondary-node-eviction-rate} (0.01), {@code
 * --large-cluster-size-threshold} (50), {@code --unhealthy-zone-threshold} (0.55).
 *
 * <p><b>Events</b> of {@code node-controller} on nodes: {@code RegisteredNode}, {@code
 * RemovingNode}, {@code NodeNotReady}; on pods: {@code NodeNotReady}. <b>Conditions</b> {@code
 * NodeStatusNeverUpdated} and {@code NodeStatusUnknown} on Ready, MemoryPressure, DiskPressure,
 * PIDPressure.
 *
 * <p><b>Metrics</b> {@code node_collector_zone_health}, {@code node_collector_zone_size}, {@code
 * node_collector_unhealthy_nodes_in_zone}, {@code node_collector_evictions_total}, {@code
 * node_collector_update_node_health_duration_seconds}, {@code
 * node_collector_update_all_nodes_health_duration_seconds}.
 *
 * <p><b>Invariants</b> silence is measured by this process's monotonic clock, never by times a
 * kubelet wrote; no pod is deleted here; while all zones are lost no node is tainted {@code
 * NoExecute}; a heartbeat costs no run.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/node-lifecycle.md}.
 */
@NullMarked
package dev.kcm.controllers.node.nodelifecycle;

import org.jspecify.annotations.NullMarked;
