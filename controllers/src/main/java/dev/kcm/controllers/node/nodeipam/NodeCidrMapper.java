package dev.kcm.controllers.node.nodeipam;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Events of nodes. What they have is noted in the ledger here, before any key is looked at; only a
 * node without ranges, or with wrong ones, wakes its key. Heartbeats wake nothing.
 *
 * <p>Confined to the thread of the informer's handler.
 */
final class NodeCidrMapper implements EventMapper<Node> {

  private final CidrLedger ledger;
  private boolean first = true;

  NodeCidrMapper(CidrLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void added(Node node, boolean initial, Keys keys) {
    if (initial && !first) {
      // The loop was started again: what happened meanwhile was not seen.
      ledger.clear();
    }
    first = initial;
    note(node, keys);
  }

  @Override
  public void updated(Node old, Node current, Keys keys) {
    first = false;
    boolean replaced = !Objects.equals(old.getMetadata().getUid(), current.getMetadata().getUid());
    if (replaced) {
      release(ObjectKey.of(old), keys);
    }
    if (replaced || !NodeIpamReader.podCidrs(old).equals(NodeIpamReader.podCidrs(current))) {
      note(current, keys);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Node last, boolean finalStateUnknown, Keys keys) {
    first = false;
    release(key, keys);
    keys.enqueue(key);
  }

  private void note(Node node, Keys keys) {
    ObjectKey key = ObjectKey.of(node);
    boolean wakes =
        NodeIpamReader.podCidrs(node).isEmpty()
            || ledger.occupy(key.name(), NodeIpamReader.podCidrs(node)).isPresent();
    if (wakes) {
      keys.enqueue(key);
    }
  }

  private void release(ObjectKey key, Keys keys) {
    ledger.release(key.name()).forEach(name -> keys.enqueue(new ObjectKey("", name)));
  }
}
