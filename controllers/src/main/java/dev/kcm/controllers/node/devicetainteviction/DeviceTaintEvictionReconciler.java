package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.evictions.Eviction;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Waits until a pod has to go because of its devices, and deletes it. Countdowns run on the time of
 * day, since that is what taints are dated with.
 *
 * <p>Immutable.
 */
final class DeviceTaintEvictionReconciler
    implements RememberingReconciler<DeviceTaintEvictionSnapshot, Countdown> {

  private static final String WHY = "the pod does not tolerate a taint of a device it uses";

  @Override
  public Turn<Countdown> decide(
      DeviceTaintEvictionSnapshot snapshot, Countdown memory, Instant now) {
    Pod pod = snapshot.pod();
    String uid = pod.getMetadata().getUid();
    Countdown present = memory.uid().equals(uid) ? memory : Countdown.NONE;
    if (PodStates.nodeName(pod).isEmpty() || pod.getMetadata().getDeletionTimestamp() != null) {
      return new Turn<>(Plan.NOTHING, Countdown.NONE);
    }
    return EvictionTime.of(pod, snapshot.claims())
        .map(time -> next(present, uid, sinceEpoch(time)))
        .map(next -> eviction(pod).at(next, sinceEpoch(now), List.of(), now))
        .orElseGet(() -> new Turn<>(callOff(pod, present), Countdown.NONE));
  }

  /** Another time replaces the one there was, unless the deletion is under way. */
  private static Countdown next(Countdown present, String uid, Duration due) {
    return present.announced() || (present.isRunning() && present.due().equals(due))
        ? present
        : Countdown.of(uid, due);
  }

  private static Plan callOff(Pod pod, Countdown present) {
    return present.isRunning()
        ? Plan.of(event(pod, DeviceTaintEvictionReasons.CANCELLING, "it may stay now"))
        : Plan.NOTHING;
  }

  private static Eviction eviction(Pod pod) {
    return new Eviction(
        ObjectKey.of(pod),
        event(pod, DeviceTaintEvictionReasons.MARKING, WHY),
        DeviceTaintEvictionReasons.CONDITION,
        false,
        WHY);
  }

  private static Action.Emit event(Pod pod, String text, String why) {
    Pod named =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .endMetadata()
            .build();
    return new Action.Emit(
        named,
        PodStates.TYPE,
        Action.Severity.NORMAL,
        DeviceTaintEvictionReasons.EVICTION,
        text,
        why);
  }

  private static Duration sinceEpoch(Instant time) {
    return Duration.between(Instant.EPOCH, time);
  }
}
