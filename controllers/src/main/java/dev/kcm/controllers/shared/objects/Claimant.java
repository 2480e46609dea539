package dev.kcm.controllers.shared.objects;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Optional;

/**
 * An owner that claims dependents by label.
 *
 * @param type kind of the owner
 * @param owner the owner
 * @param selector which dependents it wants
 * @param dependents kind of the dependents
 */
public record Claimant<D extends HasMetadata>(
    ResourceType<?> type, HasMetadata owner, LabelMatcher selector, ResourceType<D> dependents) {

  /** What an owner does with a dependent. */
  enum Claim {
    KEEP,
    ADOPT,
    RELEASE,
    IGNORE
  }

  /** What becomes of a dependent. */
  Claim claim(D dependent) {
    boolean matches = selector.matches(dependent.getMetadata().getLabels());
    Optional<OwnerReference> controller = OwnerReferences.controllerOf(dependent);
    if (controller.isPresent()) {
      boolean mine = controller.get().getUid().equals(uid());
      return !mine
          ? Claim.IGNORE
          : matches ? Claim.KEEP : isDeleting() ? Claim.IGNORE : Claim.RELEASE;
    }
    boolean free = !isTerminating(dependent) && isInReach(dependent);
    return matches && free && !isDeleting() ? Claim.ADOPT : Claim.IGNORE;
  }

  String uid() {
    return owner.getMetadata().getUid();
  }

  ObjectKey key() {
    return ObjectKey.of(owner);
  }

  private boolean isDeleting() {
    return isTerminating(owner);
  }

  /** A cluster-scoped owner reaches every namespace. */
  private boolean isInReach(D dependent) {
    return !type.namespaced() || key().namespace().equals(ObjectKey.of(dependent).namespace());
  }

  private static boolean isTerminating(HasMetadata object) {
    return object.getMetadata().getDeletionTimestamp() != null;
  }
}
