package dev.kcm.controllers.node.ttl;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads a node and the size of the cluster from the cache.
 *
 * <p>Thread-safe: the lister is, and {@code order} is stepped atomically by whichever reader comes.
 */
final class TtlReader implements Reader<TtlSnapshot> {

  private final Lister<Node> nodes;
  private final AtomicInteger order = new AtomicInteger();

  TtlReader(Lister<Node> nodes) {
    this.nodes = nodes;
  }

  @Override
  public Optional<TtlSnapshot> read(ObjectKey key, boolean settled) {
    return nodes.get(key).map(node -> new TtlSnapshot(node, seconds()));
  }

  private int seconds() {
    int now = order.updateAndGet(before -> ClusterSizeOrder.next(before, nodes.size()));
    return ClusterSizeOrder.ALL.get(now).seconds();
  }
}
