package dev.kcm.controllers.network.endpointslice;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of Nodes: one that comes, goes, becomes ready or not, or moves to another zone changes the
 * capacity of the zones, and wakes the Services that share endpoints out by it.
 *
 * <p>Thread-safe: it reads a lister and tells the capacity, which are.
 */
final class NodeMapper implements EventMapper<Node> {

  private static final String AUTO = "topologyAuto";

  private final Lister<Service> services;
  private final ZoneCapacity zones;

  private NodeMapper(Lister<Service> services, ZoneCapacity zones) {
    this.services = services;
    this.zones = zones;
  }

  /** Over the informer of Services; the index it needs is made. */
  static NodeMapper of(Informer<Service> services, ZoneCapacity zones) {
    services.ensureIndex(AUTO, service -> TopologyMode.isAuto(service) ? List.of(AUTO) : List.of());
    return new NodeMapper(services.lister(), zones);
  }

  @Override
  public void added(Node node, boolean initial, Keys keys) {
    changed(keys);
  }

  @Override
  public void updated(Node old, Node current, Keys keys) {
    if (ZoneCapacity.isReady(old) != ZoneCapacity.isReady(current)
        || !ZoneCapacity.zone(old).equals(ZoneCapacity.zone(current))) {
      changed(keys);
    }
  }

  @Override
  public void deleted(ObjectKey key, @Nullable Node last, boolean finalStateUnknown, Keys keys) {
    changed(keys);
  }

  private void changed(Keys keys) {
    zones.changed();
    services.byIndex(AUTO, AUTO).forEach(service -> keys.enqueue(ObjectKey.of(service)));
  }
}
