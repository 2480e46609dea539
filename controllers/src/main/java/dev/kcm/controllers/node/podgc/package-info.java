/**
 * The pod garbage collector: deletes finished pods beyond a threshold, pods of nodes that are gone
 * or out of service, and pods that are being deleted before they ever got a node.
 *
 * <p><b>Watches</b> pods and Nodes.
 *
 * <p><b>Writes</b> pods: delete (with grace 0); pods/status: patch; nodes: get (before a pod is
 * deleted because its node is gone).
 *
 * <p><b>Queue key</b> {@code orphaned_pods_nodes}; one key, looked at at the start and 20 s after
 * each pass.
 *
 * <p><b>Flags</b> {@code --terminated-pod-gc-threshold}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> {@code DisruptionTarget}, reason {@code DeletionByPodGC}, on pods of nodes
 * that are gone.
 *
 * <p><b>Metrics</b> {@code pod_gc_collector_force_delete_pods_total} and {@code
 * pod_gc_collector_force_delete_pod_errors_total}, by {@code namespace} and {@code reason}
 * (terminated, out-of-service, orphaned, unscheduled).
 *
 * <p><b>Feature gates</b> {@code PodObservedGenerationTracking} (on): writes the generation into
 * status and condition.
 *
 * <p><b>Invariants</b> a pod that has not ended is marked as failed before it is deleted, and stays
 * when that fails; no pod is deleted for a node that only the cache does not know.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Pods are found by indexes; <i>a pass over a quiet cluster costs as much as there are nodes,
 *       not pods</i>
 *   <li>A pod that two parts want goes once; deletions carry the UID seen; <i>upstream's second
 *       delete is counted as an error</i>
 *   <li>All patches of a pass are sent together, then all deletions; <i>fewer round trips</i>
 *   <li>A node that the server still knows, or that could not be asked about, is asked about again
 *       in the next pass; <i>upstream waits another 40 s</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.podgc;

import org.jspecify.annotations.NullMarked;
