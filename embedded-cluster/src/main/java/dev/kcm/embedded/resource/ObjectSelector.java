package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Label selectors as they stand in objects, with {@code matchLabels} and {@code matchExpressions}.
 *
 * <p>Stateless.
 */
final class ObjectSelector {

  private ObjectSelector() {}

  /** Whether the labels match; an empty selector matches everything, a missing one nothing. */
  static boolean matches(JsonNode selector, Map<String, String> labels) {
    if (!selector.isObject()) {
      return false;
    }
    if (!labels.entrySet().containsAll(Trees.texts(selector.path("matchLabels")).entrySet())) {
      return false;
    }
    for (JsonNode requirement : selector.path("matchExpressions")) {
      if (!holds(requirement, labels)) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(JsonNode requirement, Map<String, String> labels) {
    String value = labels.get(requirement.path("key").asText());
    List<String> values = Trees.textList(requirement.path("values"));
    return switch (requirement.path("operator").asText()) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }

  /** The text form, as scale subresources show it. */
  static String text(JsonNode selector) {
    List<String> terms = new ArrayList<>();
    new TreeMap<>(Trees.texts(selector.path("matchLabels")))
        .forEach((key, value) -> terms.add(key + "=" + value));
    for (JsonNode requirement : selector.path("matchExpressions")) {
      terms.add(text(requirement.path("key").asText(), requirement));
    }
    return String.join(",", terms);
  }

  private static String text(String key, JsonNode requirement) {
    String values = "(" + String.join(",", Trees.textList(requirement.path("values"))) + ")";
    return switch (requirement.path("operator").asText()) {
      case "In" -> key + " in " + values;
      case "NotIn" -> key + " notin " + values;
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }
}
