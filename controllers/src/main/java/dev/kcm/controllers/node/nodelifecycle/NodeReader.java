package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.pods.PodsOfNode;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Reads a node, its pods and how long it has been silent. There is a snapshot of a node that is
 * gone, too: that it is gone is told.
 *
 * <p>Thread-safe: listers and heartbeats are.
 */
final class NodeReader implements Reader<NodeSnapshot> {

  private final Lister<Node> nodes;
  private final Lister<Pod> pods;
  private final Heartbeats heartbeats;
  private final NodeLifecycleConfig config;

  NodeReader(
      Lister<Node> nodes, Lister<Pod> pods, Heartbeats heartbeats, NodeLifecycleConfig config) {
    this.nodes = nodes;
    this.pods = pods;
    this.heartbeats = heartbeats;
    this.config = config;
  }

  @Override
  public Optional<NodeSnapshot> read(ObjectKey key, boolean settled) {
    return Optional.of(
        new NodeSnapshot(
            key.name(),
            nodes.get(key).orElse(null),
            heartbeats.silence(key.name()).orElse(null),
            pods.byIndex(PodsOfNode.INDEX, key.name()),
            config));
  }
}
