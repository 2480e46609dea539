package dev.kcm.controllers.shared.pods;

import dev.kcm.core.informer.Informer;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/**
 * The index of pods by the node they are bound to, shared by all controllers that look after nodes.
 *
 * <p>Immutable.
 */
public final class PodsOfNode {

  /** Name of the index. */
  public static final String INDEX = "podNode";

  private PodsOfNode() {}

  /** Makes sure the informer has the index. */
  public static void ensure(Informer<Pod> pods) {
    pods.ensureIndex(INDEX, PodsOfNode::valuesOf);
  }

  private static List<String> valuesOf(Pod pod) {
    String node = PodStates.nodeName(pod);
    return node.isEmpty() ? List.of() : List.of(node);
  }
}
