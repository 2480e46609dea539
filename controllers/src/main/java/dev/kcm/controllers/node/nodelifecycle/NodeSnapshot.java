package dev.kcm.controllers.node.nodelifecycle;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision about a node.
 *
 * @param name of the node
 * @param node the node; null when it is gone
 * @param silence since when its kubelet was not heard of; null when it never was
 * @param pods the pods bound to it
 * @param config tunables
 */
record NodeSnapshot(
    String name,
    @Nullable Node node,
    @Nullable Duration silence,
    List<Pod> pods,
    NodeLifecycleConfig config) {

  NodeSnapshot {
    pods = List.copyOf(pods);
  }
}
