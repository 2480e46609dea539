package dev.kcm.controllers.shared.replicas;

import org.jspecify.annotations.Nullable;

/**
 * A condition of an owner, whatever class its kind uses for it.
 *
 * @param type condition type
 * @param status True, False or Unknown
 * @param reason CamelCase reason; null when it has none
 * @param message human-readable text; null when it has none
 * @param lastTransitionTime when the status last changed, as it stands in the object; null when
 *     unknown
 */
public record ReplicaCondition(
    String type,
    String status,
    @Nullable String reason,
    @Nullable String message,
    @Nullable String lastTransitionTime) {}
