/**
 * The taint eviction controller: deletes pods from nodes with {@code NoExecute} taints that they do
 * not tolerate, at once or when their {@code tolerationSeconds} are over.
 *
 * <p><b>Watches</b> pods, for their tolerations and their node; Nodes, for their taints.
 *
 * <p><b>Writes</b> pods/status: patch (condition {@code DisruptionTarget}); pods: get, delete;
 * events: create, patch.
 *
 * <p><b>Queue key</b> {@code noexec_taint_pod}; namespace and name of the pod; 8 workers.
 *
 * <p><b>Flags</b> none.
 *
 * <p><b>Events</b> as {@code taint-eviction-controller}, on the pod: {@code TaintManagerEviction},
 * "Marking for deletion Pod ..." once before the first attempt, "Cancelling deletion of Pod ..."
 * when a countdown is called off.
 *
 * <p><b>Conditions</b> {@code DisruptionTarget} with reason {@code DeletionByTaintManager}.
 *
 * <p><b>Metrics</b> {@code taint_eviction_controller_pod_deletions_total}, {@code
 * taint_eviction_controller_pod_deletion_duration_seconds} (from when the deletion was due to its
 * success).
 *
 * <p><b>Feature gates</b> {@code SeparateTaintEvictionController} (locked on), {@code
 * PodObservedGenerationTracking} (on): writes the generation into the condition.
 *
 * <p><b>Invariants</b> a pod is told to be a target before it is deleted; a countdown that has
 * begun is neither lengthened nor shortened by other tolerations; only the incarnation seen is
 * deleted.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A deletion that fails is tried again with back-off until it works or is not wanted any
 *       more; <i>upstream gives up after five attempts within 50 ms, and the pod stays until an
 *       unrelated event</i>
 *   <li>When a countdown is over, taints and tolerations are looked at once more; <i>what has
 *       changed meanwhile counts</i>
 *   <li>A pod that is being deleted already is left alone; <i>it goes anyway; deleting it again
 *       could only shorten its grace</i>
 *   <li>Deletion and status patch carry the UID seen; <i>a pod that replaced another under the same
 *       name does not inherit its fate</i>
 *   <li>The duration is recorded in seconds; <i>upstream records 10^9 times as much</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.node.tainteviction;

import org.jspecify.annotations.NullMarked;
