package dev.kcm.controllers.node.tainteviction;

import dev.kcm.controllers.shared.nodes.Tolerance;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    if (next.equals(Countdown.NONE)) {
      return new Turn<>(Plan.of(news), Countdown.NONE);
    }
    Duration left = next.due().minus(snapshot.uptime());
    if (!left.isZero() && !left.isNegative()) {
      return new Turn<>(Plan.of(news).ending(Verdict.after(left)), next);
    }
    if (!next.announced()) {
      news.add(event(snapshot.key(), TaintEvictionReasons.MARKING, WHY));
    }
    return new Turn<>(deletion(snapshot, next, news, now), next.whenAnnounced());
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
              ? new Countdown(uid, snapshot.uptime().plus(tolerance.time()), false)
              : present;
      case NONE -> atOnce(present, uid, snapshot.uptime());
    };
  }

  private static Countdown atOnce(Countdown present, String uid, Duration uptime) {
    boolean isDue = !present.equals(Countdown.NONE) && present.due().compareTo(uptime) <= 0;
    return isDue ? present : new Countdown(uid, uptime, false);
  }

  private static Plan deletion(
      TaintEvictionSnapshot snapshot, Countdown due, List<Action> news, Instant now) {
    List<Action> actions = new ArrayList<>(news);
    actions.add(Action.fetch(PodStates.TYPE, snapshot.key(), "is it marked as a target already"));
    return Plan.of(Stage.sequential(actions)).then(report -> afterLook(report, snapshot, due, now));
  }

  private static Plan afterLook(
      Report report, TaintEvictionSnapshot snapshot, Countdown due, Instant now) {
    Optional<Report.Rejected> rejected = report.firstRejected();
    if (rejected.isPresent()) {
      return retry(rejected.get().error());
    }
    HasMetadata answer = report.applied().get(report.applied().size() - 1).answer();
    if (!(answer instanceof Pod live) || !due.uid().equals(live.getMetadata().getUid())) {
      return Plan.NOTHING;
    }
    List<Action> actions = new ArrayList<>();
    TaintEvictionReasons.CONDITION
        .patch(live, snapshot.observedGeneration(), now, WHY)
        .ifPresent(actions::add);
    actions.add(Action.delete(PodStates.TYPE, live, WHY));
    return Plan.of(actions).then(done -> afterDeletion(done, due));
  }

  private static Plan afterDeletion(Report report, Countdown due) {
    Optional<Report.Rejected> rejected = report.firstRejected();
    if (rejected.isPresent()) {
      return retry(rejected.get().error());
    }
    return report.deleted().isEmpty()
        ? Plan.NOTHING
        : Plan.of(TaintEvictionMetrics.deleted(due.due(), WHY));
  }

  /** A pod that is gone has reached the aim. */
  private static Plan retry(ApiError error) {
    return error.kind() == ApiError.Kind.NOT_FOUND
        ? Plan.NOTHING
        : Plan.verdict(Verdict.retry(error));
  }

  /** About a pod that may be gone already: named, without UID. */
  private static Action event(ObjectKey key, String text, String why) {
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
