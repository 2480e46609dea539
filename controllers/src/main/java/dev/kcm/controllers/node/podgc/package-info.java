/**
 * The pod garbage collector: deletes finished pods beyond a threshold, pods of nodes that are gone
 * or out of service, and pods that are being deleted before they ever got a node.
 *
 * <p><b>Watches</b> pods and Nodes.
 *
 * <p><b>Writes</b> pods: delete, with grace 0; pods/status: patch; nodes: get, before a pod is
 * deleted because its node is gone.
 *
 * <p><b>Queue key</b> one, looked at every 20 s. <b>Flag</b> {@code --terminated-pod-gc-threshold}
 * (12500).
 *
 * <p><b>Metrics</b> {@code pod_gc_collector_force_delete_pods_total}, {@code
 * pod_gc_collector_force_delete_pod_errors_total}. <b>Conditions</b> DisruptionTarget on pods of
 * nodes that are gone. <b>Events</b> none.
 *
 * <p><b>Invariants</b> a pod that has not ended is marked as failed before it is deleted, and stays
 * when that fails; no pod is deleted for a node that only the cache does not know.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/pod-garbage-collector.md}.
 */
@NullMarked
package dev.kcm.controllers.node.podgc;

import org.jspecify.annotations.NullMarked;
