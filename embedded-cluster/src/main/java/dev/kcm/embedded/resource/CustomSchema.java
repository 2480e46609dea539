package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the structural schema of a custom kind does to its objects before they are checked: unknown
 * fields go, absent ones get their defaults.
 *
 * <p>Stateless.
 */
final class CustomSchema {

  private static final String PROPERTIES = "properties";
  private static final String ADDITIONAL = "additionalProperties";
  private static final String PRESERVES = "x-kubernetes-preserve-unknown-fields";
  private static final String EMBEDDED = "x-kubernetes-embedded-resource";
  private static final Set<String> OBJECT_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private CustomSchema() {}

  /** The schema of a version of a definition; missing when it has none. */
  static JsonNode of(JsonNode version) {
    return version.path("schema").path("openAPIV3Schema");
  }

  /**
   * Removes what the schema does not know from a whole object.
   *
   * @param unknown gets a sentence for each removed field
   */
  static void prune(JsonNode schema, ObjectNode object, List<String> unknown) {
    pruneObject(schema, object, "", OBJECT_FIELDS, unknown);
  }

  private static void prune(JsonNode schema, JsonNode value, String path, List<String> unknown) {
    if (value instanceof ObjectNode object) {
      Set<String> kept = schema.path(EMBEDDED).asBoolean() ? OBJECT_FIELDS : Set.of();
      pruneObject(schema, object, path + ".", kept, unknown);
    } else if (value instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        prune(schema.path("items"), list.get(i), path + "[" + i + "]", unknown);
      }
    }
  }

  private static void pruneObject(
      JsonNode schema, ObjectNode object, String prefix, Set<String> kept, List<String> unknown) {
    JsonNode additional = schema.path(ADDITIONAL);
    boolean open = schema.path(PRESERVES).asBoolean() || additional.asBoolean();
    for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
      String name = field.getKey();
      JsonNode property = schema.path(PROPERTIES).path(name);
      if (kept.contains(name)) {
        continue;
      }
      if (property.isObject()) {
        prune(property, field.getValue(), prefix + name, unknown);
      } else if (additional.isObject()) {
        prune(additional, field.getValue(), prefix + name, unknown);
      } else if (!open) {
        object.remove(name);
        unknown.add("unknown field \"" + prefix + name + "\"");
      }
    }
  }

  /** Fills in the defaults of absent fields, and of null ones that may not be null. */
  static void applyDefaults(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path(PROPERTIES).properties()) {
        applyDefault(property.getKey(), property.getValue(), object);
      }
      JsonNode additional = schema.path(ADDITIONAL);
      if (additional.isObject()) {
        object.forEach(item -> applyDefaults(additional, item));
      }
    } else if (value instanceof ArrayNode list) {
      list.forEach(item -> applyDefaults(schema.path("items"), item));
    }
  }

  private static void applyDefault(String name, JsonNode property, ObjectNode object) {
    JsonNode present = object.get(name);
    boolean nullable = property.path("nullable").asBoolean();
    if (present != null && present.isNull() && !nullable && property.has("default")) {
      present = null;
    }
    if (present == null && property.has("default")) {
      present = property.path("default").deepCopy();
      object.set(name, present);
    }
    if (present != null) {
      applyDefaults(property, present);
    }
  }
}
