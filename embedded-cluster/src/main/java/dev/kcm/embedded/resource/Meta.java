package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Object metadata as the rules read it. Missing texts are empty, missing lists are empty.
 *
 * <p>Stateless.
 */
final class Meta {

  private Meta() {}

  static ObjectNode of(ObjectNode object) {
    return Trees.child(object, "metadata");
  }

  static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  static String name(JsonNode object) {
    return text(object, "name");
  }

  static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  static String uid(JsonNode object) {
    return text(object, "uid");
  }

  static String resourceVersion(JsonNode object) {
    return text(object, "resourceVersion");
  }

  static long generation(JsonNode object) {
    return object.path("metadata").path("generation").asLong();
  }

  static boolean isDeleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  static long gracePeriod(JsonNode object) {
    return object.path("metadata").path("deletionGracePeriodSeconds").asLong();
  }

  static List<String> finalizers(JsonNode object) {
    return Trees.textList(object.path("metadata").path("finalizers"));
  }

  static void setFinalizers(ObjectNode object, List<String> finalizers) {
    if (finalizers.isEmpty()) {
      of(object).remove("finalizers");
    } else {
      of(object).set("finalizers", Trees.arrayOf(finalizers));
    }
  }

  static Map<String, String> labels(JsonNode object) {
    return Trees.texts(object.path("metadata").path("labels"));
  }

  /** Raises a generation that is maintained. */
  static void bumpGeneration(ObjectNode object) {
    long generation = generation(object);
    if (generation > 0) {
      of(object).put("generation", generation + 1);
    }
  }

  /** The form of times in objects: UTC, whole seconds. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
