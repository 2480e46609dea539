package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Objects.Held;
import java.util.Map;
import java.util.Optional;

/**
 * Gives new pods that name a runtime class its overhead, node selector and tolerations, and refuses
 * pods whose class is missing or contradicts them.
 *
 * <p>Thread-safe: without state of its own.
 */
final class RuntimeClassAdmission {

  private final Objects objects;
  private final Optional<Kind> classes;

  RuntimeClassAdmission(Objects objects, Optional<Kind> classes) {
    this.objects = objects;
    this.classes = classes;
  }

  void complete(ObjectNode pod) {
    ObjectNode spec = Trees.child(pod, "spec");
    if (!Trees.isUnset(spec, "runtimeClassName")) {
      JsonNode runtimeClass = named(pod, spec.path("runtimeClassName").asText());
      setOverhead(pod, spec, runtimeClass.path("overhead").path("podFixed"));
      addSelector(pod, spec, runtimeClass.path("scheduling").path("nodeSelector"));
      addTolerations(spec, runtimeClass.path("scheduling").path("tolerations"));
    }
  }

  private JsonNode named(ObjectNode pod, String name) {
    return classes
        .map(kind -> objects.get(kind, "", name))
        .map(Held::object)
        .orElseThrow(() -> refused(pod, "pod rejected: RuntimeClass \"" + name + "\" not found"));
  }

  private static void setOverhead(ObjectNode pod, ObjectNode spec, JsonNode overhead) {
    JsonNode own = spec.path("overhead");
    if (overhead.isEmpty() || own.equals(overhead)) {
      return;
    }
    if (!own.isEmpty()) {
      throw refused(
          pod, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    spec.set("overhead", overhead.deepCopy());
  }

  private static void addSelector(ObjectNode pod, ObjectNode spec, JsonNode selector) {
    for (Map.Entry<String, String> wanted : Trees.texts(selector).entrySet()) {
      ObjectNode own = Trees.child(spec, "nodeSelector");
      String key = wanted.getKey();
      String value = own.path(key).asText(wanted.getValue());
      if (!value.equals(wanted.getValue())) {
        throw refused(
            pod,
            "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                .formatted(key, wanted.getValue(), key, value));
      }
      own.put(key, value);
    }
  }

  private static void addTolerations(ObjectNode spec, JsonNode tolerations) {
    for (JsonNode toleration : tolerations) {
      ArrayNode own = Trees.listChild(spec, "tolerations");
      boolean present = false;
      for (JsonNode other : own) {
        present |= other.equals(toleration);
      }
      if (!present) {
        own.add(toleration.deepCopy());
      }
    }
  }

  private static StatusException refused(ObjectNode pod, String why) {
    return Statuses.forbidden("", "pods", Meta.name(pod), why);
  }
}
