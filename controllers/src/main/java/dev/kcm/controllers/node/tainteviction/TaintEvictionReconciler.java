package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.evictions.Eviction;
import dev.kcm.controllers.shared.nodes.Tolerance;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts, keeps or calls off the countdown of a pod, and deletes the pod when it is over.
 *
 * <p>Immutable.
 */
final class TaintEvictionReconciler
    implements RememberingReconciler<TaintEvictionSnapshot, Countdown> {

  private static final String WHY = "the pod does not tolerate a taint of its node any longer";

  @Override
  public Turn<Countdown> decide(TaintEvictionSnapshot snapshot, Countdown memory, Instant now) {
    List<Action> news = new ArrayList<>();
    Countdown next = next(snapshot, memory);
    if (memory.isRunning() && !next.equals(memory)) {
      news.add(event(snapshot.key(), TaintEvictionReasons.CANCELLING, "the countdown is over"));
    }
    return next.equals(Countdown.NONE)
        ? new Turn<>(Plan.of(news), Countdown.NONE)
        : eviction(snapshot).at(next, snapshot.uptime(), news, now);
  }

  private static Eviction eviction(TaintEvictionSnapshot snapshot) {
    return new Eviction(
        snapshot.key(),
        event(snapshot.key(), TaintEvictionReasons.MARKING, WHY),
        TaintEvictionReasons.CONDITION,
        snapshot.observedGeneration(),
        WHY);
  }

  /** The countdown there should be, which is the one there is wherever it still holds. */
  private static Countdown next(TaintEvictionSnapshot snapshot, Countdown memory) {
    Pod pod = snapshot.pod();
    if (pod == null
        || PodStates.nodeName(pod).isEmpty()
        || pod.getMetadata().getDeletionTimestamp() != null) {
      return Countdown.NONE;
    }
    String uid = pod.getMetadata().getUid();
    Countdown present = memory.uid().equals(uid) ? memory : Countdown.NONE;
    List<Taint> taints = snapshot.taints();
    if (taints == null) {
      return present;
    }
    if (taints.isEmpty()) {
      return Countdown.NONE;
    }
    Tolerance tolerance = Tolerance.of(taints, TaintEvictionSnapshot.tolerations(pod));
    return switch (tolerance.kind()) {
      case FOR_EVER -> Countdown.NONE;
      case LIMITED ->
          present.equals(Countdown.NONE)
              ? Countdown.of(uid, snapshot.uptime().plus(tolerance.time()))
              : present;
      case NONE -> atOnce(present, uid, snapshot.uptime());
    };
  }

  private static Countdown atOnce(Countdown present, String uid, Duration uptime) {
    boolean isDue = !present.equals(Countdown.NONE) && present.due().compareTo(uptime) <= 0;
    return isDue ? present : Countdown.of(uid, uptime);
  }

  /** About a pod that may be gone already: named, without UID. */
  private static Action.Emit event(ObjectKey key, String text, String why) {
    Pod named =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(key.namespace())
            .withName(key.name())
            .endMetadata()
            .build();
    return new Action.Emit(
        named,
        PodStates.TYPE,
        Action.Severity.NORMAL,
        TaintEvictionReasons.EVICTION,
        text + key.namespace() + "/" + key.name(),
        why);
  }
}
