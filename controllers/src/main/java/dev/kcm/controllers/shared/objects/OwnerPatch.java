package dev.kcm.controllers.shared.objects;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Patches that put a controller reference on a dependent and take it off. Both carry the
 * dependent's UID, so that another incarnation of the name is refused by the server.
 *
 * <p>Immutable.
 */
final class OwnerPatch {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OwnerPatch() {}

  static <D extends HasMetadata> Action.Patch<D> adopt(Claimant<D> claimant, D dependent) {
    ObjectNode reference =
        JSON.objectNode()
            .put("apiVersion", claimant.type().apiVersion())
            .put("kind", claimant.type().kind())
            .put("name", claimant.key().name())
            .put("uid", claimant.uid())
            .put("controller", true)
            .put("blockOwnerDeletion", true);
    ObjectNode metadata = JSON.objectNode();
    metadata.putArray("ownerReferences").add(reference);
    metadata.put("uid", dependent.getMetadata().getUid());
    return patch(claimant, dependent, metadata, "an orphan matches the selector");
  }

  static <D extends HasMetadata> Action.Patch<D> release(Claimant<D> claimant, D dependent) {
    ObjectNode reference = JSON.objectNode().put("$patch", "delete").put("uid", claimant.uid());
    ObjectNode metadata = JSON.objectNode().put("uid", dependent.getMetadata().getUid());
    metadata.putArray("ownerReferences").add(reference);
    return patch(claimant, dependent, metadata, "the labels no longer match the selector");
  }

  private static <D extends HasMetadata> Action.Patch<D> patch(
      Claimant<D> claimant, D dependent, ObjectNode metadata, String why) {
    ObjectNode body = JSON.objectNode();
    body.set("metadata", metadata);
    return new Action.Patch<>(
        claimant.dependents(),
        ObjectKey.of(dependent),
        "",
        PatchFormat.STRATEGIC,
        body.toString(),
        why);
  }
}
