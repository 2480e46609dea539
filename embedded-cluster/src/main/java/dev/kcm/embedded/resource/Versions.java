package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which resources share storage, and how their versions convert. The stored version of events is
 * core/v1, that of autoscalers autoscaling/v2; other kinds only differ in their apiVersion.
 *
 * <p>Stateless.
 */
final class Versions {

  private static final String CORE = "v1";

  private Versions() {}

  /** The shelf of the resource: its qualified name, but events of both groups share one. */
  static String sharedResource(Kind kind) {
    return isEvent(kind) ? "events" : kind.qualifiedResource();
  }

  /** The stored form of an object of the kind; may be the object itself. */
  static ObjectNode toStored(Kind kind, ObjectNode object) {
    if (isEvent(kind)) {
      return kind.group().isEmpty() ? object : EventVersions.toCore(object);
    }
    return isScalerV1(kind) ? ScalerVersions.toV2(object) : object;
  }

  /** The stored object in the version of the kind; the stored instance when nothing differs. */
  static JsonNode fromStored(Kind kind, JsonNode stored) {
    if (stored.path("apiVersion").asText().equals(kind.apiVersion())) {
      return stored;
    }
    if (isEvent(kind)) {
      return EventVersions.fromCore(stored);
    }
    if (isScalerV1(kind)) {
      return ScalerVersions.fromV2(stored);
    }
    return Trees.shallow(stored).put("apiVersion", kind.apiVersion());
  }

  private static boolean isEvent(Kind kind) {
    return kind.kind().equals("Event")
        && (kind.apiVersion().equals(CORE) || kind.group().equals("events.k8s.io"));
  }

  private static boolean isScalerV1(Kind kind) {
    return kind.kind().equals("HorizontalPodAutoscaler")
        && kind.apiVersion().equals("autoscaling/v1");
  }
}
