package dev.kcm.controllers.node.tainteviction;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All inputs of one decision.
 *
 * @param key of the pod
 * @param pod the pod; null when it is gone
 * @param taints those of its node that send pods away; null when the node is not known
 * @param uptime monotonic time of this decision
 * @param observedGeneration whether conditions say which generation they are about
 */
record TaintEvictionSnapshot(
    ObjectKey key,
    @Nullable Pod pod,
    @Nullable List<Taint> taints,
    Duration uptime,
    boolean observedGeneration) {

  static List<Toleration> tolerations(Pod pod) {
    return pod.getSpec() == null || pod.getSpec().getTolerations() == null
        ? List.of()
        : pod.getSpec().getTolerations();
  }
}
