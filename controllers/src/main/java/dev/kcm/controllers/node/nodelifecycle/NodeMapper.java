package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.controllers.shared.nodes.Taints;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events of nodes. A report of the kubelet is a sign of life; only what changes what should be
 * written wakes the key. When the first node of a cluster that was wholly lost is ready again, all
 * nodes get their full grace anew.
 *
 * <p>Confined to the thread of the informer's handler.
 */
final class NodeMapper implements EventMapper<Node> {

  private final Heartbeats heartbeats;
  private final Set<String> ready = new HashSet<>();
  private boolean first = true;

  NodeMapper(Heartbeats heartbeats) {
    this.heartbeats = heartbeats;
  }

  @Override
  public void added(Node node, boolean initial, Keys keys) {
    if (initial && !first) {
      // The loop was started again.
      ready.clear();
    }
    first = initial;
    if (NodeConditions.of(node, NodeConditions.READY) != null) {
      heartbeats.heard(name(node));
    }
    countReady(node, false);
    keys.enqueue(ObjectKey.of(node));
  }

  @Override
  public void updated(Node old, Node current, Keys keys) {
    first = false;
    if (isSignOfLife(old, current)) {
      heartbeats.heard(name(current));
    }
    countReady(current, true);
    if (concernsIt(old, current)) {
      keys.enqueue(ObjectKey.of(current));
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Node last, boolean finalStateUnknown, Keys keys) {
    first = false;
    ready.remove(key.name());
    heartbeats.forget(key.name());
    keys.enqueue(key);
  }

  private void countReady(Node node, boolean endsOutage) {
    if (!NodeConditions.isReady(node) || Zones.isExcluded(node)) {
      ready.remove(name(node));
    } else if (ready.add(name(node)) && ready.size() == 1 && endsOutage) {
      heartbeats.forgiveAll();
    }
  }

  /** Not what this controller wrote in the kubelet's place. */
  static boolean isSignOfLife(Node old, Node current) {
    NodeCondition before = NodeConditions.of(old, NodeConditions.READY);
    NodeCondition after = NodeConditions.of(current, NodeConditions.READY);
    if (after == null) {
      return before != null;
    }
    if (before == null) {
      return !NodeLifecycleReasons.NEVER_UPDATED.equals(after.getReason());
    }
    return !Objects.equals(before.getLastHeartbeatTime(), after.getLastHeartbeatTime());
  }

  static boolean concernsIt(Node old, Node current) {
    return !Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid())
        || ConditionTaints.isUnschedulable(old) != ConditionTaints.isUnschedulable(current)
        || !Taints.of(old).equals(Taints.of(current))
        || !Objects.equals(old.getMetadata().getLabels(), current.getMetadata().getLabels())
        || conditionsDiffer(old, current);
  }

  private static boolean conditionsDiffer(Node old, Node current) {
    for (String type : ConditionTaints.TYPES) {
      if (!NodeConditions.status(old, type).equals(NodeConditions.status(current, type))) {
        return true;
      }
    }
    return false;
  }

  private static String name(Node node) {
    return node.getMetadata().getName();
  }
}
