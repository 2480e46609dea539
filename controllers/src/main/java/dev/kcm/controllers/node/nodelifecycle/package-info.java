/**
 * The node lifecycle controller: finds out which nodes are lost, says so in their conditions and on
 * their pods, and taints nodes that are not well: new pods stay away at once, and pods that run
 * there leave zone by zone, at a limited rate. It deletes nothing; that is the part of {@code
 * taint-eviction-controller}.
 *
 * <p><b>Watches</b> Nodes; Leases of namespace {@code kube-node-lease}, as signs of life; pods, to
 * mark them.
 *
 * <p><b>Writes</b> nodes/status: update (conditions); nodes: get, patch (taints and labels);
 * pods/status: update (condition Ready); events: create, patch.
 *
 * <p><b>Queue key</b> {@code node_lifecycle_controller} (nodes; 8 workers), {@code
 * node_lifecycle_controller_pods} (pods that got a node; 4 workers), {@code
 * node_lifecycle_controller_zones} (one key for all zones).
 *
 * <p><b>Flags</b> {@code --node-monitor-grace-period}, {@code --node-startup-grace-period}, {@code
 * --node-eviction-rate}, {@code --secondary-node-eviction-rate}, {@code
 * --large-cluster-size-threshold}, {@code --unhealthy-zone-threshold}, {@code
 * --node-monitor-period}.
 *
 * <p><b>Events</b> as {@code node-controller}, on nodes: {@code RegisteredNode}, {@code
 * RemovingNode}, {@code NodeNotReady}; on pods: {@code NodeNotReady}.
 *
 * <p><b>Conditions</b> {@code NodeStatusNeverUpdated} and {@code NodeStatusUnknown} on Ready,
 * MemoryPressure, DiskPressure, PIDPressure.
 *
 * <p><b>Metrics</b> by {@code zone}: {@code node_collector_zone_health}, {@code
 * node_collector_zone_size}, {@code node_collector_unhealthy_nodes_in_zone}, {@code
 * node_collector_evictions_total}; {@code node_collector_update_node_health_duration_seconds},
 * {@code node_collector_update_all_nodes_health_duration_seconds}.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> silence is measured by this process's monotonic clock, never by times a
 * kubelet wrote; no pod is deleted here; while all zones are lost no node is tainted {@code
 * NoExecute}; a heartbeat costs no run.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Each node is looked at when it changes and when its grace is over, not all of them every
 *       five seconds; <i>a heartbeat costs one look into a map; a lost node is noticed at once, not
 *       up to a period later</i>
 *   <li>Grace is measured with a monotonic clock; <i>a clock that is set forward does not lose a
 *       cluster</i>
 *   <li>After a restart or a change of leadership, taints stay; <i>upstream takes the {@code
 *       NoExecute} taints of all nodes away and adds them again, one every ten seconds, which
 *       starts all countdowns anew</i>
 *   <li>Taints and labels are one patch; what failed is tried again with back-off; <i>upstream
 *       sends up to four requests, and leaves a failure to the next event</i>
 *   <li>Pods that could not be marked are marked as soon as it works, also by reading the node's
 *       pods anew; <i>upstream waits for the next pass</i>
 *   <li>While all zones are lost, taints are taken away 50 nodes at a time, whenever there are any;
 *       <i>upstream does it once, when the last zone falls</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.nodelifecycle;

import org.jspecify.annotations.NullMarked;
