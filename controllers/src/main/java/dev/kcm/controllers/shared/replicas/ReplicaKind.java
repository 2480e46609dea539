package dev.kcm.controllers.shared.replicas;

import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Adapts a kind to the engine.
 *
 * @param type the kind
 * @param view reads an object; must not change it
 * @param withStatus makes a copy of an object with another status; must not change the original
 * @param countsTerminating whether its status has a field for terminating pods
 */
public record ReplicaKind<T extends HasMetadata>(
    ResourceType<T> type,
    Function<T, ReplicaOwner> view,
    BiFunction<T, ReplicaStatus, T> withStatus,
    boolean countsTerminating) {

  /** What the engine sees of an object of this kind. */
  public ReplicaOwner owner(T object) {
    return view.apply(object);
  }

  Action.Update<T> statusUpdate(HasMetadata object, ReplicaStatus status, String why) {
    T typed = type.type().cast(object);
    return Action.updateStatus(type, withStatus.apply(typed, status), why);
  }
}
