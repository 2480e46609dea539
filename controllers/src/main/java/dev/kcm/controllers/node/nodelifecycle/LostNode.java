package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.objects.Timestamps;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is said of a node whose kubelet is silent: nobody knows.
 *
 * <p>Immutable.
 */
final class LostNode {

  private static final List<String> TYPES =
      List.of(NodeConditions.READY, "MemoryPressure", "DiskPressure", "PIDPressure");

  private LostNode() {}

  /**
   * The node with conditions that say so.
   *
   * @return empty when its readiness is unknown already
   */
  static Optional<Node> of(Node node, Instant now) {
    if (NodeConditions.UNKNOWN.equals(NodeConditions.status(node, NodeConditions.READY))) {
      return Optional.empty();
    }
    List<NodeCondition> next = new ArrayList<>();
    for (NodeCondition condition : NodeConditions.of(node)) {
      next.add(TYPES.contains(condition.getType()) ? unknown(condition, now) : condition);
    }
    for (String type : TYPES) {
      if (NodeConditions.of(node, type) == null) {
        next.add(neverUpdated(type, node, now));
      }
    }
    return Optional.of(
        new NodeBuilder(node).editOrNewStatus().withConditions(next).endStatus().build());
  }

  private static NodeCondition unknown(NodeCondition condition, Instant now) {
    return NodeConditions.UNKNOWN.equals(condition.getStatus())
        ? condition
        : new NodeConditionBuilder(condition)
            .withStatus(NodeConditions.UNKNOWN)
            .withReason(NodeLifecycleReasons.STATUS_UNKNOWN)
            .withMessage(NodeLifecycleReasons.STATUS_UNKNOWN_MESSAGE)
            .withLastTransitionTime(Timestamps.format(now))
            .build();
  }

  private static NodeCondition neverUpdated(String type, Node node, Instant now) {
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(NodeConditions.UNKNOWN)
        .withReason(NodeLifecycleReasons.NEVER_UPDATED)
        .withMessage(NodeLifecycleReasons.NEVER_UPDATED_MESSAGE)
        .withLastHeartbeatTime(node.getMetadata().getCreationTimestamp())
        .withLastTransitionTime(Timestamps.format(now))
        .build();
  }
}
