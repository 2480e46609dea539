/**
 * The node IPAM controller: gives each Node a range of pod addresses out of the cluster's, one of
 * each family in a cluster with two.
 *
 * <p><b>Watches</b> Nodes.
 *
 * <p><b>Writes</b> nodes: list, patch ({@code spec.podCIDR} and {@code spec.podCIDRs}, once in the
 * life of a Node); events: create, patch.
 *
 * <p><b>Queue key</b> {@code cidrallocator_node}; name of the Node; 30 workers.
 *
 * <p><b>Flags</b> {@code --allocate-node-cidrs}, {@code --cluster-cidr}, {@code
 * --service-cluster-ip-range}, {@code --node-cidr-mask-size}, {@code --node-cidr-mask-size-ipv4},
 * {@code --node-cidr-mask-size-ipv6}, {@code --cidr-allocator-type}.
 *
 * <p><b>Events</b> as {@code cidrAllocator}, on Nodes: {@code CIDRNotAvailable} when there is none
 * left, {@code CIDRAssignmentFailed} when writing failed three times.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> by {@code clusterCIDR}: {@code
 * node_ipam_controller_cidrset_cidrs_allocations_total}, {@code
 * node_ipam_controller_cidrset_cidrs_releases_total}, {@code
 * node_ipam_controller_cirdset_max_cidrs} (spelt so upstream), {@code
 * node_ipam_controller_cidrset_usage_cidrs}, {@code
 * node_ipam_controller_cidrset_allocation_tries_per_request}.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> nothing is handed out before the ranges of all Nodes there are at the start
 * are known; no range is handed out twice; ranges of Services are never handed out; a range that a
 * Node has is never changed.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>What was set aside for a node stays its own when writing it failed; <i>upstream gives it
 *       back, although the server may have stored it and lost the answer</i>
 *   <li>When one of two families has none left, the range of the other is not lost; <i>upstream
 *       loses one at each try</i>
 *   <li>A node that waits is woken when another gives its range back; <i>upstream's waits up to 17
 *       minutes</i>
 *   <li>A node whose ranges cannot be right (unreadable, outside of the cluster's) is named in the
 *       log, and the others get theirs; <i>upstream ends the whole process at the start; such a
 *       range cannot be handed out twice anyway</i>
 *   <li>A range that two nodes have, whoever gave it to them, is named in the log and stays taken
 *       until both are gone; <i>upstream hands it out a third time when the first one goes</i>
 *   <li>Heartbeats of nodes wake nothing; <i>only a node without ranges needs a look</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.nodeipam;

import org.jspecify.annotations.NullMarked;
