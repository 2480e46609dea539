/**
 * The node IPAM controller: gives each Node a range of pod addresses out of the cluster's, one of
 * each family in a cluster with two.
 *
 * <p><b>Watches</b> Nodes.
 *
 * <p><b>Writes</b> nodes: patch ({@code spec.podCIDR}, {@code spec.podCIDRs}), once in the life of
 * a Node.
 *
 * <p><b>Queue key</b> name of the Node. <b>Flags</b> {@code --allocate-node-cidrs}, {@code
 * --cluster-cidr}, {@code --service-cluster-ip-range}, {@code --node-cidr-mask-size}, {@code
 * --node-cidr-mask-size-ipv4}, {@code --node-cidr-mask-size-ipv6}; 30 workers.
 *
 * <p><b>Events</b> of {@code cidrAllocator} on Nodes: {@code CIDRNotAvailable}, {@code
 * CIDRAssignmentFailed}.
 *
 * <p><b>Metrics</b> {@code node_ipam_controller_cidrset_cidrs_allocations_total}, {@code
 * node_ipam_controller_cidrset_cidrs_releases_total}, {@code
 * node_ipam_controller_cirdset_max_cidrs}, {@code node_ipam_controller_cidrset_usage_cidrs}, {@code
 * node_ipam_controller_cidrset_allocation_tries_per_request}, each by {@code clusterCIDR}.
 *
 * <p><b>Invariants</b> nothing is handed out before the ranges of all Nodes there are at the start
 * are known; no range is handed out twice; ranges of Services are never handed out; a range that a
 * Node has is never changed.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/node-ipam.md}.
 */
@NullMarked
package dev.kcm.controllers.node.nodeipam;

import org.jspecify.annotations.NullMarked;
