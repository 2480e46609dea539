package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Converts events between core/v1 and events.k8s.io/v1, which name the same fields differently.
 *
 * <p>Stateless.
 */
final class EventVersions {

  private static final Map<String, String> CORE_BY_NEW =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count",
          "deprecatedSource", "source");

  private EventVersions() {}

  static ObjectNode toCore(JsonNode event) {
    return rename(event, CORE_BY_NEW, "v1");
  }

  static ObjectNode fromCore(JsonNode event) {
    Map<String, String> newByCore =
        CORE_BY_NEW.entrySet().stream()
            .collect(java.util.stream.Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    return rename(event, newByCore, "events.k8s.io/v1");
  }

  private static ObjectNode rename(JsonNode event, Map<String, String> names, String apiVersion) {
    ObjectNode renamed = Trees.object();
    event
        .properties()
        .forEach(
            field ->
                renamed.set(names.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
    return renamed.put("apiVersion", apiVersion);
  }
}
