package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Matches taints of nodes with tolerations of pods. Stateless. */
final class Tolerations {

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String CORDONED = "node.kubernetes.io/unschedulable";

  private Tolerations() {}

  /**
   * The first taint that keeps the pod off the node.
   *
   * <p>The taint of nodes that are not ready yet does not count once the node says that it is: a
   * cluster without a controller manager has nobody to remove it.
   */
  static Optional<JsonNode> untolerated(JsonNode pod, JsonNode node) {
    for (JsonNode taint : node.path("spec").path("taints")) {
      boolean soft = taint.path("effect").asText().equals("PreferNoSchedule");
      boolean stale = taint.path("key").asText().equals(NOT_READY) && isReady(node);
      if (!soft && !stale && !isTolerated(pod, taint)) {
        return Optional.of(taint);
      }
    }
    return Optional.empty();
  }

  /** Whether the pod goes on nodes that are closed to others, as pods of DaemonSets do. */
  static boolean ofCordon(JsonNode pod) {
    ObjectNode taint = JsonNodeFactory.instance.objectNode();
    return isTolerated(pod, taint.put("key", CORDONED).put("effect", "NoSchedule"));
  }

  static boolean isReady(JsonNode node) {
    for (JsonNode condition : node.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static boolean isTolerated(JsonNode pod, JsonNode taint) {
    for (JsonNode toleration : pod.path("spec").path("tolerations")) {
      if (tolerates(toleration, taint)) {
        return true;
      }
    }
    return false;
  }

  private static boolean tolerates(JsonNode toleration, JsonNode taint) {
    String effect = toleration.path("effect").asText();
    String key = toleration.path("key").asText();
    if (!effect.isEmpty() && !effect.equals(taint.path("effect").asText())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.path("key").asText())) {
      return false;
    }
    boolean exists = toleration.path("operator").asText().equals("Exists");
    return exists
        || (!key.isEmpty()
            && toleration.path("value").asText().equals(taint.path("value").asText()));
  }
}
