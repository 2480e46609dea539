package dev.kcm.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Iterator;
import java.util.Map;

/**
 * Merge patches, and of strategic ones what owner references need: they merge by UID.
 *
 * <p>Immutable.
 */
final class ModelPatch {

  private static final String OWNERS = "ownerReferences";

  private ModelPatch() {}

  static HasMetadata apply(Action.Patch<?> patch, ObjectNode body, HasMetadata stored) {
    if (patch.format() != PatchFormat.STRATEGIC && patch.format() != PatchFormat.MERGE) {
      throw new IllegalArgumentException(
          "the model cluster has no " + patch.format() + " patches, allowed: STRATEGIC, MERGE");
    }
    ObjectNode tree = ModelObjects.tree(stored);
    merge(tree, body, patch.format() == PatchFormat.STRATEGIC);
    return ModelObjects.fromTree(tree, stored.getClass());
  }

  /** A stored object with the fields of another on top. */
  static HasMetadata merged(HasMetadata object, HasMetadata stored) {
    ObjectNode tree = ModelObjects.tree(stored);
    merge(tree, ModelObjects.tree(object), false);
    return ModelObjects.fromTree(tree, stored.getClass());
  }

  private static void merge(ObjectNode target, ObjectNode patch, boolean strategic) {
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      JsonNode value = field.getValue();
      String name = field.getKey();
      if (value.isNull()) {
        target.remove(name);
      } else if (strategic && name.equals(OWNERS)) {
        mergeOwners(target.withArray(OWNERS), (ArrayNode) value);
      } else if (value instanceof ObjectNode object) {
        merge(target.withObjectProperty(name), object, strategic);
      } else {
        target.set(name, value);
      }
    }
  }

  private static void mergeOwners(ArrayNode target, ArrayNode patch) {
    for (JsonNode owner : patch) {
      removeByUid(target, owner.path("uid").asText());
      if (!"delete".equals(owner.path("$patch").asText())) {
        target.add(owner);
      }
    }
  }

  private static void removeByUid(ArrayNode owners, String uid) {
    Iterator<JsonNode> each = owners.iterator();
    while (each.hasNext()) {
      if (each.next().path("uid").asText().equals(uid)) {
        each.remove();
      }
    }
  }
}
