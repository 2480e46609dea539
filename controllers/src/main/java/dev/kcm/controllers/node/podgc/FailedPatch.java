package dev.kcm.controllers.node.podgc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Optional;

/**
 * The patch that marks a pod as failed, so that its owner knows how it ended. It carries the UID,
 * so that another incarnation of the name is refused by the server.
 *
 * <p>Immutable.
 */
final class FailedPatch {

  private static final String CONDITION = "DisruptionTarget";

  private FailedPatch() {}

  static Action of(Doomed doomed, boolean observedGeneration, Instant now) {
    Pod pod = doomed.pod();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("metadata").put("uid", pod.getMetadata().getUid());
    ObjectNode status = body.putObject("status").put("phase", "Failed");
    Long generation = pod.getMetadata().getGeneration();
    boolean tracked = observedGeneration && generation != null;
    if (tracked) {
      status.put("observedGeneration", generation);
    }
    if (doomed.reason() == Doomed.Reason.ORPHANED) {
      ObjectNode condition =
          status
              .putArray("conditions")
              .addObject()
              .put("type", CONDITION)
              .put("status", "True")
              .put("reason", "DeletionByPodGC")
              .put("message", "PodGC: node no longer exists")
              .put("lastTransitionTime", since(pod).orElse(Timestamps.format(now)));
      if (tracked) {
        condition.put("observedGeneration", generation);
      }
    }
    return new Action.Patch<>(
        PodStates.TYPE,
        ObjectKey.of(pod),
        "status",
        PatchFormat.STRATEGIC,
        body.toString(),
        doomed.why());
  }

  /** Since when the condition holds already; empty when it does not. */
  private static Optional<String> since(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(c -> CONDITION.equals(c.getType()) && "True".equals(c.getStatus()))
        .map(PodCondition::getLastTransitionTime)
        .findFirst();
  }
}
