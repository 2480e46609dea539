package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.nodes.Taints;
import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * Events of nodes: other taints that send pods away wake the pods of the node. A node that is gone
 * wakes none, their countdowns go on.
 *
 * <p>Thread-safe: it only reads a lister.
 */
final class NodeMapper implements EventMapper<Node> {

  private final Lister<Pod> pods;

  NodeMapper(Lister<Pod> pods) {
    this.pods = pods;
  }

  @Override
  public void added(Node node, boolean initial, Keys keys) {
    if (!initial || !Taints.noExecute(node).isEmpty()) {
      wakePodsOf(node, keys);
    }
  }

  @Override
  public void updated(Node old, Node current, Keys keys) {
    if (!Taints.noExecute(old).equals(Taints.noExecute(current))) {
      wakePodsOf(current, keys);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Node last, boolean finalStateUnknown, Keys keys) {}

  private void wakePodsOf(Node node, Keys keys) {
    pods.keysByIndex(PodsOfNode.INDEX, node.getMetadata().getName()).forEach(keys::enqueue);
  }
}
