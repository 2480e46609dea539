package dev.kcm.controllers.shared.evictions;

import dev.kcm.controllers.shared.pods.DisruptionCondition;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Turn;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of a pod's stay: waits for the countdown, says once that the pod goes, marks it as the
 * target of a disruption, and deletes the incarnation the countdown is for. What fails is tried
 * again with back-off; a pod that is gone has reached the aim.
 *
 * @param pod which pod
 * @param announcement the event that says it
 * @param condition what marks it
 * @param observedGeneration whether the condition says which generation it is about
 * @param why reason of the writes
 */
public record Eviction(
    ObjectKey pod,
    Action.Emit announcement,
    DisruptionCondition condition,
    boolean observedGeneration,
    String why) {

  /** Name of the measurement of a deletion: when it was due, in seconds of the clock. */
  static final String DELETED = "deleted";

  private static final double NANOS = 1e9;

  /**
   * What to do about a countdown.
   *
   * @param countdown not {@link Countdown#NONE}
   * @param clock what the controller's clock for countdowns says
   * @param news events that go before
   * @param now time of day
   */
  public Turn<Countdown> at(
      Countdown countdown, Duration clock, List<? extends Action> news, Instant now) {
    Duration left = countdown.due().minus(clock);
    if (!left.isZero() && !left.isNegative()) {
      return new Turn<>(Plan.of(news).ending(Verdict.after(left)), countdown);
    }
    List<Action> actions = new ArrayList<>(news);
    if (!countdown.announced()) {
      actions.add(announcement);
    }
    actions.add(Action.fetch(PodStates.TYPE, pod, "is it marked as a target already"));
    Plan plan =
        Plan.of(Stage.sequential(actions)).then(report -> afterLook(report, countdown, now));
    return new Turn<>(plan, countdown.whenAnnounced());
  }

  private Plan afterLook(Report report, Countdown countdown, Instant now) {
    Optional<Report.Rejected> rejected = report.firstRejected();
    if (rejected.isPresent()) {
      return retry(rejected.get().error());
    }
    HasMetadata answer = report.applied().get(report.applied().size() - 1).answer();
    if (!(answer instanceof Pod live) || !countdown.uid().equals(live.getMetadata().getUid())) {
      return Plan.NOTHING;
    }
    List<Action> actions = new ArrayList<>();
    condition.patch(live, observedGeneration, now, why).ifPresent(actions::add);
    actions.add(Action.delete(PodStates.TYPE, live, why));
    return Plan.of(actions).then(done -> afterDeletion(done, countdown));
  }

  private Plan afterDeletion(Report report, Countdown countdown) {
    Optional<Report.Rejected> rejected = report.firstRejected();
    if (rejected.isPresent()) {
      return retry(rejected.get().error());
    }
    return report.deleted().isEmpty() ? Plan.NOTHING : Plan.of(measured(countdown));
  }

  private Action.Measure measured(Countdown countdown) {
    Duration due = countdown.due();
    double seconds = due.getSeconds() + due.getNano() / NANOS;
    return new Action.Measure(DELETED, seconds, Map.of(), why);
  }

  private static Plan retry(ApiError error) {
    return error.kind() == ApiError.Kind.NOT_FOUND
        ? Plan.NOTHING
        : Plan.verdict(Verdict.retry(error));
  }
}
