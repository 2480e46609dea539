package dev.kcm.controllers.node.nodelifecycle;

import io.fabric8.kubernetes.api.model.Node;
import java.util.Map;
import java.util.TreeMap;

/**
 * Labels under their old names, which have to say the same as the new ones.
 *
 * <p>Immutable.
 */
final class NodeLabels {

  private static final Map<String, String> OLD_BY_NEW =
      Map.of(
          "kubernetes.io/os", "beta.kubernetes.io/os",
          "kubernetes.io/arch", "beta.kubernetes.io/arch");

  private NodeLabels() {}

  /** The labels to set, by name; empty when all are right. */
  static Map<String, String> missing(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    if (labels == null || labels.isEmpty()) {
      return Map.of();
    }
    Map<String, String> missing = new TreeMap<>();
    OLD_BY_NEW.forEach(
        (current, old) -> {
          String value = labels.get(current);
          if (value != null && !value.equals(labels.get(old))) {
            missing.put(old, value);
          }
        });
    return missing;
  }
}
