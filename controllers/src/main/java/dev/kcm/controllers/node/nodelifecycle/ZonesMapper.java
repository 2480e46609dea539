package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Events of nodes: one that counts otherwise than before wakes the look at the zones, after a short
 * while in which more may come.
 *
 * <p>Immutable.
 */
final class ZonesMapper implements EventMapper<Node> {

  /** The only key. */
  static final ObjectKey ALL = new ObjectKey("", "zones");

  private static final Duration WHILE = Duration.ofMillis(100);

  @Override
  public void added(Node node, boolean initial, Keys keys) {
    keys.enqueueAfter(ALL, WHILE);
  }

  @Override
  public void updated(Node old, Node current, Keys keys) {
    if (!Zones.valuesOf(old).equals(Zones.valuesOf(current))) {
      keys.enqueueAfter(ALL, WHILE);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Node last, boolean finalStateUnknown, Keys keys) {
    keys.enqueueAfter(ALL, WHILE);
  }
}
