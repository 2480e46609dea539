package dev.kcm.controllers.node.podgc;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;

/**
 * A pod that has to go.
 *
 * @param pod the pod
 * @param reason why
 */
record Doomed(Pod pod, Reason reason) {

  /** Why a pod has to go. */
  enum Reason {
    TERMINATED("terminated", "there are too many finished pods"),
    OUT_OF_SERVICE("out-of-service", "the node is out of service"),
    ORPHANED("orphaned", "the node is gone"),
    UNSCHEDULED("unscheduled", "it is being deleted and has no node");

    private final String label;
    private final String why;

    Reason(String label, String why) {
      this.label = label;
      this.why = why;
    }
  }

  String why() {
    return reason.why;
  }

  /** Deletes the incarnation seen, at once. */
  Action deletion() {
    return new Action.Delete<>(
        PodStates.TYPE,
        ObjectKey.of(pod),
        pod.getMetadata().getUid(),
        null,
        Duration.ZERO,
        null,
        false,
        reason.why);
  }

  Action measure(String meter) {
    return new Action.Measure(
        meter,
        1,
        Map.of("namespace", ObjectKey.of(pod).namespace(), "reason", reason.label),
        reason.why);
  }
}
