package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.Kind;
import java.util.HashSet;
import java.util.Set;

/** Checks an applied configuration against its type, as far as ownership needs it. */
final class ApplyChecks {

  private ApplyChecks() {}

  /**
   * Refuses fields that the type does not declare, and items without or with equal keys.
   *
   * @throws PatchException 400 naming the object and the first offending path
   */
  static void check(JsonNode config, Shape shape, Kind kind) {
    try {
      check(config, shape, "");
    } catch (PatchException e) {
      JsonNode metadata = config.path("metadata");
      String type =
          kind.group().isEmpty() ? "/" + kind.version() : kind.group() + "/" + kind.version();
      throw new PatchException(
          e.code(),
          "failed to create typed patch object ("
              + metadata.path("namespace").asText("")
              + "/"
              + metadata.path("name").asText("")
              + "; "
              + type
              + ", Kind="
              + kind.kind()
              + "): "
              + e.getMessage());
    }
  }

  private static void check(JsonNode node, Shape shape, String path) {
    if (node.isObject() && shape.hasFields()) {
      for (var field : node.properties()) {
        String name = field.getKey();
        String at = path + "." + name;
        if (shape.form() == Shape.Form.STRUCTURE && !shape.declares(name)) {
          throw new PatchException(400, at + ": field not declared in schema");
        }
        check(field.getValue(), shape.field(name), at);
      }
    } else if (node.isArray() && shape.hasItems()) {
      checkItems(node, shape, path);
    }
  }

  private static void checkItems(JsonNode list, Shape shape, String path) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String element = FieldPaths.item(list.get(i), shape);
      if (element.equals(FieldPaths.NO_KEY)) {
        throw new PatchException(
            400,
            path
                + ": element "
                + i
                + ": associative list with keys has an element that omits all key fields "
                + shape.keys()
                + " (and doesn't have default values for any key fields)");
      }
      String shown = FieldPaths.display(element);
      if (!seen.add(element)) {
        throw new PatchException(400, path + ": duplicate entries for key " + shown);
      }
      check(list.get(i), shape.item(), path + shown);
    }
  }
}
