/**
 * The taint eviction controller: deletes pods from nodes with {@code NoExecute} taints that they do
 * not tolerate, at once or when their {@code tolerationSeconds} are over.
 *
 * <p><b>Watches</b> pods, for their tolerations and their node; Nodes, for their taints.
 *
 * <p><b>Writes</b> pods/status: patch (condition {@code DisruptionTarget}); pods: get, delete.
 *
 * <p><b>Queue key</b> namespace and name of the pod. <b>Flags</b> none; 8 workers.
 *
 * <p><b>Events</b> on pods, of {@code taint-eviction-controller}: {@code TaintManagerEviction}.
 * <b>Conditions</b> {@code DisruptionTarget} with reason {@code DeletionByTaintManager}.
 *
 * <p><b>Metrics</b> {@code taint_eviction_controller_pod_deletions_total}, {@code
 * taint_eviction_controller_pod_deletion_duration_seconds}.
 *
 * <p><b>Feature gate</b> {@code PodObservedGenerationTracking} for the generation in the condition.
 *
 * <p><b>Invariants</b> a pod is told to be a target before it is deleted; a countdown that has
 * begun is neither lengthened nor shortened by other tolerations; only the incarnation seen is
 * deleted.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/taint-eviction.md}.
 */
@NullMarked
package dev.kcm.controllers.node.tainteviction;

import org.jspecify.annotations.NullMarked;
