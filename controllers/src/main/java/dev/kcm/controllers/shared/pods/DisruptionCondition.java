package dev.kcm.controllers.shared.pods;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The condition {@code DisruptionTarget}: a pod goes because of the cluster, not because of itself.
 *
 * @param reason CamelCase reason
 * @param message human-readable text
 */
public record DisruptionCondition(String reason, String message) {

  private static final String TYPE = "DisruptionTarget";
  private static final String TRUE = "True";

  /**
   * The patch that sets it, for this incarnation of the pod alone.
   *
   * @param live the pod as the server has it
   * @param observedGeneration whether the condition says which generation it is about
   * @param why reason of the action
   * @return empty when the pod says so already
   */
  public Optional<Action.Patch<Pod>> patch(
      Pod live, boolean observedGeneration, Instant now, String why) {
    Optional<PodCondition> present = of(live);
    if (present.filter(this::saysTheSame).isPresent()) {
      return Optional.empty();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("metadata").put("uid", live.getMetadata().getUid());
    ObjectNode condition =
        body.putObject("status")
            .putArray("conditions")
            .addObject()
            .put("type", TYPE)
            .put("status", TRUE)
            .put("reason", reason)
            .put("message", message)
            .put("lastTransitionTime", since(present).orElse(Timestamps.format(now)));
    Long generation = live.getMetadata().getGeneration();
    if (observedGeneration && generation != null) {
      condition.put("observedGeneration", generation);
    }
    return Optional.of(
        new Action.Patch<>(
            PodStates.TYPE,
            ObjectKey.of(live),
            "status",
            PatchFormat.STRATEGIC,
            body.toString(),
            why));
  }

  private boolean saysTheSame(PodCondition condition) {
    return TRUE.equals(condition.getStatus())
        && Objects.equals(reason, condition.getReason())
        && Objects.equals(message, condition.getMessage());
  }

  private static Optional<String> since(Optional<PodCondition> present) {
    return present.filter(c -> TRUE.equals(c.getStatus())).map(PodCondition::getLastTransitionTime);
  }

  private static Optional<PodCondition> of(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> TYPE.equals(condition.getType()))
        .findFirst();
  }
}
