package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.NodeConditions;
import dev.kcm.core.informer.Informer;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which zone a node is in, and the index of nodes by zone and health. What a node is filed under is
 * all that decisions about zones depend on.
 *
 * <p>Immutable.
 */
final class Zones {

  /** Name of the index. */
  static final String INDEX = "nodeZoneHealth";

  /** Value for nodes with a taint that sends pods away for their health. */
  static final String TAINTED = "tainted";

  /** Counted as ready; the zone stands behind it. */
  static final String READY = "ready:";

  /** Counted as not ready; the zone stands behind it. */
  static final String NOT_READY = "notReady:";

  /** To be tainted when it is its turn; the zone stands behind it. */
  static final String WAITING = "waiting:";

  private static final String EXCLUDED = "node.kubernetes.io/exclude-disruption";

  private Zones() {}

  static void ensureIndex(Informer<Node> nodes) {
    nodes.ensureIndex(INDEX, Zones::valuesOf);
  }

  /** Whether its health says nothing about its zone. */
  static boolean isExcluded(Node node) {
    return labels(node).containsKey(EXCLUDED);
  }

  /** The zone; empty when the node does not say. */
  static String of(Node node) {
    Map<String, String> labels = labels(node);
    String region = label(labels, "region");
    String zone = label(labels, "zone");
    return region.isEmpty() && zone.isEmpty() ? "" : region + ":\0:" + zone;
  }

  /** What a node is filed under. */
  static List<String> valuesOf(Node node) {
    String zone = of(node);
    List<String> values = new ArrayList<>();
    if (!isExcluded(node)) {
      values.add((NodeConditions.isReady(node) ? READY : NOT_READY) + zone);
    }
    boolean tainted = ConditionTaints.hasHealthTaint(node);
    if (tainted) {
      values.add(TAINTED);
    } else if (ConditionTaints.healthKey(node).isPresent()) {
      values.add(WAITING + zone);
    }
    return values;
  }

  /** The old label counts when it is there, whatever it says. */
  private static String label(Map<String, String> labels, String part) {
    String old = "failure-domain.beta.kubernetes.io/" + part;
    String value = labels.get(labels.containsKey(old) ? old : "topology.kubernetes.io/" + part);
    return value == null ? "" : value;
  }

  private static Map<String, String> labels(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
