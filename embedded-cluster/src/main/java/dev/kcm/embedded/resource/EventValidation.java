package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * Checks events: leniently in the old form, strictly in the new one.
 *
 * <p>Stateless.
 */
final class EventValidation {

  private static final int LONGEST_FIELD = 128;
  private static final int LONGEST_NOTE = 1024;
  private static final Set<String> TYPES = Set.of("Normal", "Warning");

  private EventValidation() {}

  static void core(JsonNode event, JsonNode current, FieldErrors errors) {
    involvedNamespace(event, event.path("involvedObject").path("namespace").asText(""), errors);
    if (event.hasNonNull("eventTime") && current.isMissingNode()) {
      required(
          event, List.of("reportingComponent", "reportingInstance", "action", "reason"), errors);
      if (event.path("message").asText("").length() > LONGEST_NOTE) {
        errors.invalid("message", "", "can have at most 1024 characters");
      }
    }
  }

  static void strict(JsonNode event, JsonNode current, FieldErrors errors) {
    if (!current.isMissingNode()) {
      keepsAllButSeries(event, current, errors);
      return;
    }
    involvedNamespace(event, event.path("regarding").path("namespace").asText(""), errors);
    if (!event.hasNonNull("eventTime")) {
      errors.required("eventTime", "");
    }
    required(
        event, List.of("reportingController", "reportingInstance", "action", "reason"), errors);
    if (!TYPES.contains(event.path("type").asText())) {
      errors.invalid("type", event.path("type").asText(""), "has invalid value: ");
    }
    if (event.path("note").asText("").length() > LONGEST_NOTE) {
      errors.invalid("note", "", "can have at most 1024 characters");
    }
    JsonNode series = event.path("series");
    if (series.isObject() && series.path("count").asInt() < 2) {
      errors.invalid("series.count", series.path("count").asText(""), "should be at least 2");
    }
  }

  private static void involvedNamespace(JsonNode event, String involved, FieldErrors errors) {
    String namespace = Meta.namespace(event);
    boolean fits =
        involved.isEmpty()
            ? namespace.equals("default") || namespace.isEmpty()
            : involved.equals(namespace);
    if (!fits) {
      errors.invalid("involvedObject.namespace", involved, "does not match event.namespace");
    }
  }

  private static void required(JsonNode event, List<String> fields, FieldErrors errors) {
    for (String field : fields) {
      String value = event.path(field).asText("");
      if (value.isEmpty()) {
        errors.required(field, "");
      } else if (value.length() > LONGEST_FIELD) {
        errors.invalid(field, "", "can have at most 128 characters");
      }
    }
  }

  private static void keepsAllButSeries(JsonNode event, JsonNode current, FieldErrors errors) {
    ObjectNode before = Trees.shallow(current);
    ObjectNode after = Trees.shallow(event);
    before.remove(List.of("series", "metadata"));
    after.remove(List.of("series", "metadata"));
    before
        .properties()
        .forEach(
            field -> {
              if (!field.getValue().equals(after.path(field.getKey()))) {
                errors.invalid(field.getKey(), after.path(field.getKey()), "field is immutable");
              }
            });
  }
}
