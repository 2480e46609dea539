/**
 * The TTL controller: tells kubelets, by an annotation on each Node, how long they may cache
 * Secrets and ConfigMaps in a cluster of this size.
 *
 * <p><b>Watches</b> Nodes, to count them and to see the annotation.
 *
 * <p><b>Writes</b> nodes: patch (annotation {@code node.alpha.kubernetes.io/ttl}).
 *
 * <p><b>Queue key</b> name of the Node. <b>Flags</b> none; 5 workers.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> the value grows at 101, 501, 1001 and 2001 nodes and shrinks only below 90,
 * 450, 900 and 1800, so that a cluster at a border does not flap.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code docs/controllers/ttl.md}.
 */
@NullMarked
package dev.kcm.controllers.node.ttl;

import org.jspecify.annotations.NullMarked;
