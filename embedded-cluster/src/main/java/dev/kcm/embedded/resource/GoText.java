package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes trees the way the original prints them in messages: {@code map[spec:map[replicas:x]]}.
 *
 * <p>Stateless.
 */
final class GoText {

  private GoText() {}

  static String of(JsonNode value) {
    if (value.isObject()) {
      Map<String, String> sorted = new TreeMap<>();
      value.properties().forEach(field -> sorted.put(field.getKey(), of(field.getValue())));
      List<String> fields = new ArrayList<>();
      sorted.forEach((name, text) -> fields.add(name + ":" + text));
      return "map[" + String.join(" ", fields) + "]";
    }
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(of(item)));
      return "[" + String.join(" ", items) + "]";
    }
    return value.isNull() ? "<nil>" : value.asText();
  }

  /** The word for the kind of a value, as reflection has it there. */
  static String kindOf(JsonNode value) {
    if (value.isObject()) {
      return "map";
    }
    if (value.isArray()) {
      return "slice";
    }
    if (value.isBoolean()) {
      return "bool";
    }
    if (value.isNumber()) {
      return value.isIntegralNumber() ? "int64" : "float64";
    }
    return "string";
  }
}
