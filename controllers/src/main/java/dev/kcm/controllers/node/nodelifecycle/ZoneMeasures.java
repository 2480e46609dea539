package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Measurements of zones, under upstream's names.
 *
 * <p>Immutable.
 */
final class ZoneMeasures {

  static final String HEALTH = "node_collector_zone_health";
  static final String SIZE = "node_collector_zone_size";
  static final String UNHEALTHY = "node_collector_unhealthy_nodes_in_zone";
  static final String EVICTIONS = "node_collector_evictions_total";
  static final String ALL_NODES = "node_collector_update_all_nodes_health_duration_seconds";
  static final String ONE_NODE = "node_collector_update_node_health_duration_seconds";

  private static final String WHY = "the zones were looked at";
  private static final double ALL = 100;

  private ZoneMeasures() {}

  /** Of all zones there are, and once more of those that are gone. */
  static List<Action> of(ZonesSnapshot snapshot, ZonesMemory memory) {
    List<Action> measures = new ArrayList<>();
    new TreeMap<>(snapshot.zones())
        .forEach(
            (name, zone) -> {
              double health = zone.size() == 0 ? ALL : ALL * zone.ready() / zone.size();
              add(measures, name, zone.size(), health, zone.notReady());
            });
    for (String name : new TreeSet<>(memory.turnstiles().keySet())) {
      if (!snapshot.zones().containsKey(name)) {
        add(measures, name, 0, ALL, 0);
      }
    }
    measures.add(Action.Measure.elapsed(ALL_NODES, Map.of(), WHY));
    return measures;
  }

  /** Counts a node that was given the taint which sends its pods away. */
  static Optional<Action> eviction(Report.Applied applied, String why) {
    return applied.answer() instanceof Node node && applied.action().why().equals(why)
        ? Optional.of(new Action.Measure(EVICTIONS, 1, Map.of("zone", Zones.of(node)), why))
        : Optional.empty();
  }

  private static void add(
      List<Action> measures, String zone, double size, double health, double unhealthy) {
    Map<String, String> labels = Map.of("zone", zone);
    measures.add(new Action.Measure(SIZE, size, labels, WHY));
    measures.add(new Action.Measure(HEALTH, health, labels, WHY));
    measures.add(new Action.Measure(UNHEALTHY, unhealthy, labels, WHY));
  }
}
