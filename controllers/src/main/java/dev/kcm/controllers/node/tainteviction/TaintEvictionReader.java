package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.nodes.Taints;
import dev.kcm.controllers.shared.nodes.Uptime;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pod and the taints of its node from caches. There is a snapshot of a pod that is gone,
 * too: its countdown has to be called off.
 *
 * <p>Thread-safe: listers and clock are.
 */
final class TaintEvictionReader implements Reader<TaintEvictionSnapshot> {

  private final Lister<Pod> pods;
  private final Lister<Node> nodes;
  private final Uptime uptime;
  private final boolean observedGeneration;

  TaintEvictionReader(
      Lister<Pod> pods, Lister<Node> nodes, Uptime uptime, boolean observedGeneration) {
    this.pods = pods;
    this.nodes = nodes;
    this.uptime = uptime;
    this.observedGeneration = observedGeneration;
  }

  @Override
  public Optional<TaintEvictionSnapshot> read(ObjectKey key, boolean settled) {
    Pod pod = pods.get(key).orElse(null);
    return Optional.of(
        new TaintEvictionSnapshot(
            key, pod, pod == null ? null : taintsAround(pod), uptime.now(), observedGeneration));
  }

  private @Nullable List<Taint> taintsAround(Pod pod) {
    String node = PodStates.nodeName(pod);
    return node.isEmpty()
        ? null
        : nodes.get(new ObjectKey("", node)).map(Taints::noExecute).orElse(null);
  }
}
