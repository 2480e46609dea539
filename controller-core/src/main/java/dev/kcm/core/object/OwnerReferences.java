package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Optional;

/** Reads and makes owner references. */
public final class OwnerReferences {

  private OwnerReferences() {}

  /** The reference with {@code controller: true}, empty when the object has no controller. */
  public static Optional<OwnerReference> controllerOf(HasMetadata object) {
    List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
    if (owners == null) {
      return Optional.empty();
    }
    for (OwnerReference owner : owners) {
      if (Boolean.TRUE.equals(owner.getController())) {
        return Optional.of(owner);
      }
    }
    return Optional.empty();
  }

  /** Whether the object's controller is the owner with this UID. */
  public static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
    return controllerOf(object)
        .map(reference -> reference.getUid().equals(owner.getMetadata().getUid()))
        .orElse(false);
  }

  /**
   * A controller reference to an owner, with {@code controller} and {@code blockOwnerDeletion} set.
   *
   * @param owner the owner, with name and UID
   * @param type the owner's kind; objects in lists often do not name their own
   */
  public static OwnerReference controllerReference(HasMetadata owner, ResourceType<?> type) {
    return new OwnerReferenceBuilder()
        .withApiVersion(type.apiVersion())
        .withKind(type.kind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /**
   * Metadata for a child that bears its owner's name, in the owner's namespace, controlled by it.
   *
   * @param owner as the server stored it, with its UID
   * @param type type of the owner
   */
  public static ObjectMeta childMetadata(HasMetadata owner, ResourceType<?> type) {
    return new ObjectMetaBuilder()
        .withNamespace(owner.getMetadata().getNamespace())
        .withName(owner.getMetadata().getName())
        .withOwnerReferences(controllerReference(owner, type))
        .build();
  }
}
