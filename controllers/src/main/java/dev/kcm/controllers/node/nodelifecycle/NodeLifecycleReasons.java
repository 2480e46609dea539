package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;

/**
 * Texts users see: reasons of events and conditions.
 *
 * <p>Immutable.
 */
final class NodeLifecycleReasons {

  static final String REGISTERED = "RegisteredNode";
  static final String REMOVING = "RemovingNode";
  static final String NOT_READY = "NodeNotReady";
  static final String POD_ON_NODE_NOT_READY = "Node is not ready";
  static final String NEVER_UPDATED = "NodeStatusNeverUpdated";
  static final String NEVER_UPDATED_MESSAGE = "Kubelet never posted node status.";
  static final String STATUS_UNKNOWN = "NodeStatusUnknown";
  static final String STATUS_UNKNOWN_MESSAGE = "Kubelet stopped posting node status.";

  private NodeLifecycleReasons() {}

  static Action registered(Node node) {
    String name = node.getMetadata().getName();
    return event(
        node,
        REGISTERED,
        "Node %s event: Registered Node %s in Controller".formatted(name, name),
        "the node is seen for the first time");
  }

  static Action removing(String name, String uid) {
    Node gone =
        new NodeBuilder().withNewMetadata().withName(name).withUid(uid).endMetadata().build();
    return event(
        gone,
        REMOVING,
        "Node %s event: Removing Node %s from Controller".formatted(name, name),
        "the node is gone");
  }

  static Action notReady(Node node) {
    return event(
        node,
        NOT_READY,
        "Node %s status is now: NodeNotReady".formatted(node.getMetadata().getName()),
        "the kubelet has fallen silent");
  }

  private static Action event(Node node, String reason, String message, String why) {
    return new Action.Emit(node, Kinds.NODES, Action.Severity.NORMAL, reason, message, why);
  }
}
