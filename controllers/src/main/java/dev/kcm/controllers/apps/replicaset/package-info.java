/**
 * The ReplicaSet controller: as many pods as {@code spec.replicas} says run from the template of a
 * ReplicaSet. Missing ones are created, surplus ones deleted, orphans that match the selector
 * adopted, pods that no longer match let go.
 *
 * <p><b>Watches</b> ReplicaSets, for what is wanted; pods, for what is there.
 *
 * <p><b>Writes</b> pods: create, delete, patch (owner references); replicasets: get (before the
 * first adoption, and after a status write failed); replicasets/status: update; events: create,
 * patch.
 *
 * <p><b>Queue key</b> {@code replicaset}; namespace and name of the ReplicaSet.
 *
 * <p><b>Flags</b> {@code --concurrent-replicaset-syncs}.
 *
 * <p><b>Events</b> as {@code replicaset-controller}, on the ReplicaSet: {@code SuccessfulCreate},
 * {@code FailedCreate}, {@code SuccessfulDelete}, {@code FailedDelete}.
 *
 * <p><b>Conditions</b> {@code ReplicaFailure}.
 *
 * <p><b>Metrics</b> {@code replicaset_controller_sorting_deletion_age_ratio}.
 *
 * <p><b>Feature gates</b> {@code DeploymentReplicaSetTerminatingReplicas} (off): counts terminating
 * pods in {@code status.terminatingReplicas}; {@code PodDeletionCost} (on): heeds the annotation
 * {@code controller.kubernetes.io/pod-deletion-cost}.
 *
 * <p><b>Invariants</b> no more than 500 pods are created or deleted in a run; nothing is created or
 * deleted while what earlier runs did has not been seen to arrive, nor for an owner that is being
 * deleted; a deletion names the UID of the pod it was decided for; a pod under another controller
 * is never touched; a status is written only when it differs.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Deletions carry the UID of the pod that was chosen; <i>a pod of the same name made
 *       meanwhile is not deleted</i>
 *   <li>After a failed status write, another incarnation of the name found on the server is not
 *       written to; the key is retried; <i>the counts are not about it</i>
 *   <li>Slow start ends at the first pod a terminating namespace refuses; <i>the rest would be
 *       refused as well</i>
 *   <li>Claims of one run are patched at the same time, and the events of a run are recorded after
 *       its last request of that kind; <i>fewer round trips; the order of events is kept</i>
 *   <li>An update that shows another UID under a pod's name counts as its deletion and a creation;
 *       <i>expectations would wait five minutes for a deletion nobody tells of</i>
 *   <li>A pod that was gone already is told as {@code Deleted pod}; <i>the request had its effect;
 *       upstream is silent</i>
 *   <li>An invalid selector is counted and logged as a failure without a retry; <i>upstream only
 *       logs it</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.apps.replicaset;

import org.jspecify.annotations.NullMarked;
