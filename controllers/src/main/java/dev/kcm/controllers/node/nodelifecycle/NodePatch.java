package dev.kcm.controllers.node.nodelifecycle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one patch that changes taints and labels of a node. Taints are a list that is written as a
 * whole, so it is bound to the version seen.
 *
 * <p>Immutable.
 */
final class NodePatch {

  private NodePatch() {}

  /**
   * The patch.
   *
   * @param taints all taints; empty when they stay
   * @param labels those to set
   * @return empty when there is nothing to change
   */
  static Optional<Action> of(
      Node node, Optional<List<Taint>> taints, Map<String, String> labels, String why) {
    if (taints.isEmpty() && labels.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = body.putObject("metadata");
    metadata.put("resourceVersion", node.getMetadata().getResourceVersion());
    if (!labels.isEmpty()) {
      ObjectNode set = metadata.putObject("labels");
      labels.forEach(set::put);
    }
    taints.ifPresent(list -> putTaints(body.putObject("spec"), list));
    return Optional.of(
        new Action.Patch<>(
            Kinds.NODES, ObjectKey.of(node), "", PatchFormat.STRATEGIC, body.toString(), why));
  }

  private static void putTaints(ObjectNode spec, List<Taint> taints) {
    if (taints.isEmpty()) {
      spec.putNull("taints");
      return;
    }
    ArrayNode array = spec.putArray("taints");
    for (Taint taint : taints) {
      ObjectNode written =
          array.addObject().put("key", taint.getKey()).put("effect", taint.getEffect());
      if (taint.getValue() != null) {
        written.put("value", taint.getValue());
      }
      if (taint.getTimeAdded() != null) {
        written.put("timeAdded", taint.getTimeAdded());
      }
    }
  }
}
