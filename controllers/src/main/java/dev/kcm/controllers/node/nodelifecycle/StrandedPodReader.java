package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * Reads a pod and its node.
 *
 * <p>Thread-safe: listers are.
 */
final class StrandedPodReader implements Reader<StrandedPodSnapshot> {

  private final Lister<Pod> pods;
  private final Lister<Node> nodes;

  StrandedPodReader(Lister<Pod> pods, Lister<Node> nodes) {
    this.pods = pods;
    this.nodes = nodes;
  }

  @Override
  public Optional<StrandedPodSnapshot> read(ObjectKey key, boolean settled) {
    return pods.get(key)
        .flatMap(
            pod ->
                nodes
                    .get(new ObjectKey("", PodStates.nodeName(pod)))
                    .map(node -> new StrandedPodSnapshot(pod, node)));
  }
}
