package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind;
import io.fabric8.zjsonpatch.CompatibilityFlags;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.EnumSet;
import java.util.Locale;

/** Applies JSON patch, JSON merge patch and strategic merge patch. */
public final class Patches {

  /** Most operations that one JSON patch may hold. */
  public static final int MAX_OPERATIONS = 10_000;

  private static final String UNAPPLIABLE =
      "the server rejected our request due to an error in our request";

  private Patches() {}

  /**
   * The object that a patch makes of the current one.
   *
   * @param type patch format, any but {@link PatchType#APPLY}
   * @param current the object to patch; not changed
   * @param patch the patch document; not changed
   * @param kind kind of the object
   * @return a fresh tree that shares nothing with the arguments
   * @throws PatchException 400 for a document that is no patch, 413 for more than {@link
   *     #MAX_OPERATIONS} operations, 415 for a strategic patch of a kind without known fields, 422
   *     for a patch that cannot be applied to this object
   * @throws IllegalArgumentException for {@link PatchType#APPLY}, which needs a field manager: see
   *     {@code ServerSideApply}
   */
  public static JsonNode apply(PatchType type, JsonNode current, JsonNode patch, Kind kind) {
    return switch (type) {
      case JSON -> json(current, patch);
      case MERGE -> merge(current, patch);
      case STRATEGIC -> strategic(current, patch, kind);
      case APPLY ->
          throw new IllegalArgumentException(
              "an apply patch needs a field manager, use ServerSideApply");
    };
  }

  private static JsonNode json(JsonNode current, JsonNode patch) {
    checkOperations(patch);
    try {
      // The library puts nodes of the patch into the result, where a later operation may change
      // them: it gets its own copy.
      return JsonPatch.apply(
          patch.deepCopy(), current, EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT));
    } catch (RuntimeException e) {
      // The library reports a bad operation by several unchecked types.
      throw new PatchException(422, UNAPPLIABLE);
    }
  }

  private static void checkOperations(JsonNode patch) {
    if (!patch.isArray()) {
      throw new PatchException(
          400,
          "error decoding patch: json: cannot unmarshal "
              + goType(patch)
              + " into Go value of type jsonpatch.Patch");
    }
    if (patch.size() > MAX_OPERATIONS) {
      throw new PatchException(
          413,
          "Request entity too large: The allowed maximum operations in a JSON patch is "
              + MAX_OPERATIONS
              + ", got "
              + patch.size());
    }
    for (JsonNode operation : patch) {
      if (!operation.isObject()) {
        throw new PatchException(
            400,
            "error decoding patch: json: cannot unmarshal "
                + goType(operation)
                + " into Go value of type jsonpatch.Operation");
      }
    }
  }

  private static JsonNode merge(JsonNode current, JsonNode patch) {
    if (!patch.isObject()) {
      throw new PatchException(400, "Invalid JSON Patch");
    }
    ObjectNode target =
        current.isObject() ? current.deepCopy() : JsonNodeFactory.instance.objectNode();
    mergeInto(target, (ObjectNode) patch);
    return target;
  }

  private static void mergeInto(ObjectNode target, ObjectNode patch) {
    for (var field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value.isObject()) {
        JsonNode old = target.get(field.getKey());
        ObjectNode child =
            old != null && old.isObject() ? (ObjectNode) old : target.putObject(field.getKey());
        mergeInto(child, (ObjectNode) value);
      } else {
        target.set(field.getKey(), value.deepCopy());
      }
    }
  }

  private static JsonNode strategic(JsonNode current, JsonNode patch, Kind kind) {
    ApiType type =
        ApiType.of(kind)
            .orElseThrow(
                () ->
                    new PatchException(
                        415,
                        "the body of the request was in an unknown format - accepted media types"
                            + " include: application/json-patch+json, application/merge-patch+json,"
                            + " application/apply-patch+yaml"));
    if (!patch.isObject()) {
      throw new PatchException(
          400,
          "json: cannot unmarshal "
              + goType(patch)
              + " into Go value of type map[string]interface {}");
    }
    return StrategicMerge.merge(current.deepCopy(), patch.deepCopy(), type);
  }

  private static String goType(JsonNode node) {
    return node.isBoolean() ? "bool" : node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
