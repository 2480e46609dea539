package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The taint that keeps pods off a new node until it is known to be ready.
 *
 * <p>Stateless.
 */
final class NodeTaint {

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String EFFECT = "NoSchedule";

  private NodeTaint() {}

  static void addNotReady(ObjectNode node) {
    ArrayNode taints = Trees.listChild(Trees.child(node, "spec"), "taints");
    boolean present =
        Trees.items(node.path("spec"), "taints").stream()
            .anyMatch(
                taint ->
                    taint.path("key").asText().equals(NOT_READY)
                        && taint.path("effect").asText().equals(EFFECT));
    if (!present) {
      taints.addObject().put("key", NOT_READY).put("effect", EFFECT);
    }
  }
}
