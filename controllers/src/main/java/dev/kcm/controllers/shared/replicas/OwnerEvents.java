package dev.kcm.controllers.shared.replicas;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Action.Severity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * Events to record on an owner, in the order they are told. The texts are public API.
 *
 * <p>Confined to the decision that makes it.
 */
final class OwnerEvents {

  private final ResourceType<?> type;
  private final HasMetadata owner;
  private final List<Action> actions = new ArrayList<>();

  OwnerEvents(ResourceType<?> type, HasMetadata owner) {
    this.type = type;
    this.owner = owner;
  }

  void created(HasMetadata pod) {
    String name = pod.getMetadata().getName();
    add(Severity.NORMAL, ReplicasReasons.SUCCESSFUL_CREATE, "Created pod: " + name);
  }

  void createFailed(ApiError error) {
    add(Severity.WARNING, ReplicasReasons.FAILED_CREATE, "Error creating: " + error.message());
  }

  void deleted(ObjectKey pod) {
    add(Severity.NORMAL, ReplicasReasons.SUCCESSFUL_DELETE, "Deleted pod: " + pod.name());
  }

  void deleteFailed(ApiError error) {
    add(Severity.WARNING, ReplicasReasons.FAILED_DELETE, "Error deleting: " + error.message());
  }

  List<Action> actions() {
    return actions;
  }

  private void add(Severity severity, String reason, String message) {
    actions.add(
        new Action.Emit(owner, type, severity, reason, message, "tell what became of a pod"));
  }
}
