package dev.kcm.controllers.network.endpointslice;

import dev.kcm.core.informer.Lister;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much of the cluster's CPU is in each zone. Computed when it is asked for after a change.
 *
 * <p>Thread-safe: {@code shares} publishes an immutable value; readers that come together may
 * compute the same twice.
 */
final class ZoneCapacity {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Lister<Node> nodes;
  private volatile @Nullable ZoneShares shares;

  ZoneCapacity(Lister<Node> nodes) {
    this.nodes = nodes;
  }

  /** Nodes have changed in a way that may matter. */
  void changed() {
    shares = null;
  }

  ZoneShares shares() {
    ZoneShares known = shares;
    if (known != null) {
      return known;
    }
    ZoneShares computed = computed();
    shares = computed;
    return computed;
  }

  private ZoneShares computed() {
    Map<String, Double> cpuByZone = new TreeMap<>();
    for (Node node : nodes.list()) {
      if (isReady(node) && !isControlPlane(node)) {
        double cpu = cpu(node);
        if (zone(node).isEmpty() || cpu == 0) {
          return ZoneShares.UNKNOWN;
        }
        cpuByZone.merge(zone(node), cpu, Double::sum);
      }
    }
    return ZoneShares.of(cpuByZone);
  }

  static String zone(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(ZONE, "");
  }

  static boolean isReady(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private static boolean isControlPlane(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    return labels != null
        && (labels.containsKey("node-role.kubernetes.io/control-plane")
            || labels.containsKey("node-role.kubernetes.io/master"));
  }

  private static double cpu(Node node) {
    Map<String, Quantity> allocatable = node.getStatus().getAllocatable();
    Quantity cpu = allocatable == null ? null : allocatable.get("cpu");
    return cpu == null ? 0 : cpu.getNumericalAmount().max(BigDecimal.ZERO).doubleValue();
  }
}
