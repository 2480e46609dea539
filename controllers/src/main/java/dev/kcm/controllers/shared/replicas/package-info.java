/**
 * The engine under the ReplicaSet and the ReplicationController controller: keeps as many pods as
 * an owner wants.
 *
 * <p>It stands under {@code shared} because two controllers use it and controllers never depend on
 * each other. A kind joins as a value: a {@link dev.kcm.controllers.shared.replicas.ReplicaKind}
 * reads objects of the kind into a {@link dev.kcm.controllers.shared.replicas.ReplicaOwner} and
 * writes a {@link dev.kcm.controllers.shared.replicas.ReplicaStatus} back. Start from there and
 * from {@link dev.kcm.controllers.shared.replicas.ReplicasReconciler}.
 *
 * <p>Invariants: no more than {@code burst} pods are created or deleted in a run; nothing is
 * created or deleted while something earlier runs did has not been seen to arrive, nor for an owner
 * that is being deleted; a deletion names the UID of the pod it was decided for; a pod under
 * another controller is never touched; a status is written only when it differs.
 *
 * <p>Deciding is pure; mappers and reader only read caches.
 */
@NullMarked
package dev.kcm.controllers.shared.replicas;

import org.jspecify.annotations.NullMarked;
