package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes selectors and label maps as kubectl shows them. */
final class Selectors {

  private Selectors() {}

  /** A map of labels, {@code <none>} when it is empty. */
  static String labels(JsonNode labels) {
    TreeMap<String, String> sorted = new TreeMap<>();
    labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    return join(sorted);
  }

  /** A LabelSelector object, {@code <none>} when it is absent or selects everything. */
  static String selector(JsonNode selector) {
    TreeMap<String, String> byKey = new TreeMap<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(e -> byKey.put(e.getKey(), e.getKey() + "=" + e.getValue().asText()));
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      byKey.merge(key, expression(key, expression), (one, other) -> one + "," + other);
    }
    return byKey.isEmpty() ? Row.NONE : String.join(",", byKey.values());
  }

  private static String join(Map<String, String> labels) {
    List<String> pairs = new ArrayList<>();
    labels.forEach((key, value) -> pairs.add(key + "=" + value));
    return pairs.isEmpty() ? Row.NONE : String.join(",", pairs);
  }

  private static String expression(String key, JsonNode expression) {
    List<String> values = new ArrayList<>();
    expression.path("values").forEach(value -> values.add(value.asText()));
    values.sort(null);
    String set = " (" + String.join(",", values) + ")";
    return switch (expression.path("operator").asText()) {
      case "In" -> key + " in" + set;
      case "NotIn" -> key + " notin" + set;
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }
}
