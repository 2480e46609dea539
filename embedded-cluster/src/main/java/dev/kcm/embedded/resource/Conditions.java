package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * Sets pod conditions.
 *
 * <p>Stateless.
 */
final class Conditions {

  private Conditions() {}

  /** Sets a condition of a status under construction; its time moves when its status changes. */
  static void set(
      ObjectNode status, String type, String value, String reason, String message, Instant now) {
    ObjectNode condition = find(status, type);
    if (!condition.path("status").asText().equals(value)) {
      condition.put("lastTransitionTime", Meta.time(now));
    }
    condition.put("status", value);
    put(condition, "reason", reason);
    put(condition, "message", message);
  }

  private static ObjectNode find(ObjectNode status, String type) {
    for (ObjectNode condition : Trees.items(status, "conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return Trees.listChild(status, "conditions").addObject().put("type", type);
  }

  private static void put(ObjectNode condition, String field, String value) {
    if (value.isEmpty()) {
      condition.remove(field);
    } else {
      condition.put(field, value);
    }
  }
}
