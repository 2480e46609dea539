/**
 * The ReplicaSet controller: as many pods as {@code spec.replicas} says run from the template.
 *
 * <p><b>Watches</b> ReplicaSets, for what is wanted; pods, for what is there.
 *
 * <p><b>Writes</b> pods: create, delete, patch (owner references); replicasets: get (before the
 * first adoption, and after a status write failed); replicasets/status: update; events: create,
 * patch.
 *
 * <p><b>Queue key</b> namespace and name of the ReplicaSet. <b>Flag</b> {@code
 * --concurrent-replicaset-syncs} (5).
 *
 * <p><b>Events</b> SuccessfulCreate, FailedCreate, SuccessfulDelete, FailedDelete, on the
 * ReplicaSet. <b>Conditions</b> ReplicaFailure. <b>Metrics</b> {@code
 * replicaset_controller_sorting_deletion_age_ratio}. <b>Feature gates</b> {@code
 * DeploymentReplicaSetTerminatingReplicas} (off), {@code PodDeletionCost} (on).
 *
 * <p><b>Invariants</b> those of {@link dev.kcm.controllers.shared.replicas}, the engine this
 * controller shares with the ReplicationController's: {@code ReplicaSetKind} adapts the kind, the
 * engine decides.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/replicaset.md}.
 */
@NullMarked
package dev.kcm.controllers.apps.replicaset;

import org.jspecify.annotations.NullMarked;
