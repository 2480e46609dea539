/**
 * The ReplicationController controller: as many pods as {@code spec.replicas} says run from the
 * template of a ReplicationController, the older sibling of the ReplicaSet with a plain map of
 * labels for a selector.
 *
 * <p><b>Watches</b> ReplicationControllers, for what is wanted; pods, for what is there.
 *
 * <p><b>Writes</b> pods: create, delete, patch (owner references); replicationcontrollers: get
 * (before the first adoption, and after a status write failed); replicationcontrollers/status:
 * update; events: create, patch.
 *
 * <p><b>Queue key</b> {@code replicationmanager}; namespace and name of the ReplicationController.
 *
 * <p><b>Flags</b> {@code --concurrent_rc_syncs}.
 *
 * <p><b>Events</b> as {@code replication-controller}, on the ReplicationController: {@code
 * SuccessfulCreate}, {@code FailedCreate}, {@code SuccessfulDelete}, {@code FailedDelete}.
 *
 * <p><b>Conditions</b> {@code ReplicaFailure}.
 *
 * <p><b>Metrics</b> {@code replicaset_controller_sorting_deletion_age_ratio}, shared with the
 * ReplicaSet controller.
 *
 * <p><b>Feature gates</b> {@code PodDeletionCost} (on): heeds the annotation {@code
 * controller.kubernetes.io/pod-deletion-cost}.
 *
 * <p><b>Invariants</b> no more than 500 pods are created or deleted in a run; nothing is created or
 * deleted while what earlier runs did has not been seen to arrive, nor for an owner that is being
 * deleted; a deletion names the UID of the pod it was decided for; a pod under another controller
 * is never touched; a status is written only when it differs; pods that are terminating are never
 * counted, since the kind has no field for them.
 *
 * <p><b>Differences to upstream</b> those of {@code replicaset-controller}, whose engine it shares.
 */
@NullMarked
package dev.kcm.controllers.apps.replicationcontroller;

import org.jspecify.annotations.NullMarked;
