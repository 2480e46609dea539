package dev.kcm.controllers.shared.nodes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions controllers ask of the conditions of a node.
 *
 * <p>Immutable.
 */
public final class NodeConditions {

  /** The condition that says whether pods can run there. */
  public static final String READY = "Ready";

  /** Holds. */
  public static final String TRUE = "True";

  /** Does not hold. */
  public static final String FALSE = "False";

  /** Nobody knows, because the kubelet is silent. */
  public static final String UNKNOWN = "Unknown";

  private NodeConditions() {}

  /** All conditions of a node. */
  public static List<NodeCondition> of(Node node) {
    return node.getStatus() == null || node.getStatus().getConditions() == null
        ? List.of()
        : node.getStatus().getConditions();
  }

  /** The condition of a type; null when there is none. */
  public static @Nullable NodeCondition of(Node node, String type) {
    for (NodeCondition condition : of(node)) {
      if (type.equals(condition.getType())) {
        return condition;
      }
    }
    return null;
  }

  /** The status of a condition; empty when there is none. */
  public static String status(Node node, String type) {
    NodeCondition condition = of(node, type);
    return condition == null || condition.getStatus() == null ? "" : condition.getStatus();
  }

  /** Whether pods can run there. */
  public static boolean isReady(Node node) {
    return TRUE.equals(status(node, READY));
  }
}
