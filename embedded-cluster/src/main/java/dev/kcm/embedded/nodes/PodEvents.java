package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Makes Events about pods. Stateless. */
final class PodEvents {

  private PodEvents() {}

  /** A Warning that a component records about a pod. */
  static ObjectNode warning(
      JsonNode pod, String component, String reason, String message, Instant now) {
    JsonNode metadata = pod.path("metadata");
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
    event
        .putObject("metadata")
        .put("name", metadata.path("name").asText() + "." + Long.toHexString(nanos))
        .set("namespace", metadata.path("namespace"));
    ObjectNode about = event.putObject("involvedObject").put("apiVersion", "v1").put("kind", "Pod");
    for (String field : new String[] {"name", "namespace", "uid", "resourceVersion"}) {
      about.set(field, metadata.path(field));
    }
    event.put("type", "Warning").put("reason", reason).put("message", message).put("count", 1);
    event.putObject("source").put("component", component);
    event.put("reportingComponent", component).put("reportingInstance", "");
    event.put("firstTimestamp", PodStatus.time(now)).put("lastTimestamp", PodStatus.time(now));
    return event;
  }
}
