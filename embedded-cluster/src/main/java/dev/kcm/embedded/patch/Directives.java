package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;

/** The directives that a strategic merge patch carries between its fields. */
final class Directives {

  static final String PATCH = "$patch";
  static final String RETAIN_KEYS = "$retainKeys";
  static final String DELETE_FROM_LIST = "$deleteFromPrimitiveList/";
  static final String ELEMENT_ORDER = "$setElementOrder/";

  private Directives() {}

  /** Whether a key is a directive and not a field. */
  static boolean isDirective(String key) {
    return key.equals(PATCH)
        || key.equals(RETAIN_KEYS)
        || key.startsWith(DELETE_FROM_LIST)
        || key.startsWith(ELEMENT_ORDER);
  }

  /**
   * What {@code $patch} asks for: {@code delete}, {@code replace}, or {@code merge} when it is
   * absent.
   */
  static String patch(JsonNode node) {
    JsonNode value = node.get(PATCH);
    if (value == null) {
      return "merge";
    }
    return switch (value.asText()) {
      case "delete", "replace", "merge" -> value.asText();
      default ->
          throw new PatchException(
              422, "unknown patch type: " + value.asText() + " in map: " + node);
    };
  }

  /**
   * Turns a part of a patch that meets nothing to merge with into a plain value: directives and
   * nulls go, and so does each object that says {@code $patch}, whatever it says. Changes the tree
   * in place.
   */
  static JsonNode strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      stripObject(object);
    } else if (node instanceof ArrayNode array) {
      for (Iterator<JsonNode> items = array.elements(); items.hasNext(); ) {
        JsonNode item = items.next();
        if (item.has(PATCH)) {
          items.remove();
        } else {
          strip(item);
        }
      }
    }
    return node;
  }

  private static void stripObject(ObjectNode object) {
    object.properties().removeIf(field -> isNoValue(field.getKey(), field.getValue()));
    object.properties().forEach(field -> strip(field.getValue()));
  }

  private static boolean isNoValue(String key, JsonNode value) {
    return value.isNull() || isDirective(key) || value.has(PATCH);
  }
}
