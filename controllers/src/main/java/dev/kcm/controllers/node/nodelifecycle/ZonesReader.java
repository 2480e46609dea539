package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads how it stands with the zones, from the index alone.
 *
 * <p>Thread-safe: lister and clock are.
 */
final class ZonesReader implements Reader<ZonesSnapshot> {

  private static final List<String> KINDS = List.of(Zones.READY, Zones.NOT_READY, Zones.WAITING);

  private final Lister<Node> nodes;
  private final Uptime uptime;
  private final NodeLifecycleConfig config;

  ZonesReader(Lister<Node> nodes, Uptime uptime, NodeLifecycleConfig config) {
    this.nodes = nodes;
    this.uptime = uptime;
    this.config = config;
  }

  @Override
  public Optional<ZonesSnapshot> read(ObjectKey key, boolean settled) {
    Map<String, Zone> zones = new TreeMap<>();
    for (String value : nodes.indexValues(Zones.INDEX)) {
      for (String kind : KINDS) {
        if (value.startsWith(kind)) {
          zones.computeIfAbsent(value.substring(kind.length()), this::zone);
        }
      }
    }
    return Optional.of(
        new ZonesSnapshot(zones, nodes.byIndex(Zones.INDEX, Zones.TAINTED), uptime.now(), config));
  }

  private Zone zone(String name) {
    return new Zone(
        nodes.byIndex(Zones.INDEX, Zones.READY + name).size(),
        nodes.byIndex(Zones.INDEX, Zones.NOT_READY + name).size(),
        nodes.byIndex(Zones.INDEX, Zones.WAITING + name));
  }
}
