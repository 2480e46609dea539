/**
 * The ReplicationController controller: as many pods as {@code spec.replicas} says run from the
 * template. The older sibling of the ReplicaSet, with a plain map of labels for a selector.
 *
 * <p><b>Watches</b> ReplicationControllers, for what is wanted; pods, for what is there.
 *
 * <p><b>Writes</b> pods: create, delete, patch (owner references); replicationcontrollers: get
 * (before the first adoption, and after a status write failed); replicationcontrollers/status:
 * update; events: create, patch.
 *
 * <p><b>Queue key</b> namespace and name of the ReplicationController. <b>Flag</b> {@code
 * --concurrent_rc_syncs} (5).
 *
 * <p><b>Events</b> SuccessfulCreate, FailedCreate, SuccessfulDelete, FailedDelete, on the
 * ReplicationController. <b>Conditions</b> ReplicaFailure. <b>Metrics</b> {@code
 * replicaset_controller_sorting_deletion_age_ratio}, shared with the ReplicaSet controller.
 * <b>Feature gates</b> {@code PodDeletionCost} (on).
 *
 * <p><b>Invariants</b> those of {@link dev.kcm.controllers.shared.replicas}, the engine this
 * controller shares with the ReplicaSet's. Pods that are terminating are never counted: the kind
 * has no field for them. Pods have no siblings under other owners, so spreading over nodes plays no
 * part when pods are chosen for deletion.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/replicationcontroller.md}.
 */
@NullMarked
package dev.kcm.controllers.apps.replicationcontroller;

import org.jspecify.annotations.NullMarked;
