/**
 * The TTL controller: tells kubelets, by annotation {@code node.alpha.kubernetes.io/ttl} on each
 * Node, how many seconds they may cache Secrets and ConfigMaps.
 *
 * <p><b>Watches</b> Nodes, to count them and to see the annotation.
 *
 * <p><b>Writes</b> nodes: patch (annotation {@code node.alpha.kubernetes.io/ttl}).
 *
 * <p><b>Queue key</b> {@code ttlcontroller}; name of the Node; 5 workers.
 *
 * <p><b>Flags</b> none.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> the value grows at 101, 501, 1001 and 2001 nodes and shrinks only below 90,
 * 450, 900 and 1800, so that a cluster at a border does not flap.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>The size of the cluster is that of the cache, not counted from events; <i>the same values,
 *       and none is lost when a watch breaks</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.ttl;

import org.jspecify.annotations.NullMarked;
