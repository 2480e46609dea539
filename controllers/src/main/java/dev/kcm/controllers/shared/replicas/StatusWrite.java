package dev.kcm.controllers.shared.replicas;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a status when it differs. A write that fails, for whatever reason, is tried once more on
 * the object as the server has it then, with the same counts.
 *
 * @param kind kind of the owner
 * @param owner the owner as it was seen
 * @param next the status it should have
 */
record StatusWrite(ReplicaKind<?> kind, ReplicaOwner owner, ReplicaStatus next) {

  /**
   * The end of a run.
   *
   * @param events to record on the way
   * @param verdict how the run ends when the status is written; a status that cannot be written
   *     ends it with a retry
   */
  Plan plan(List<Action> events, Verdict verdict) {
    List<Stage> stages = new ArrayList<>();
    if (!events.isEmpty()) {
      stages.add(Stage.keepGoing(events));
    }
    if (next.equals(owner.status())) {
      return Plan.of(stages.toArray(Stage[]::new)).ending(verdict);
    }
    stages.add(Stage.sequential(List.of(update(owner.object(), "the status is out of date"))));
    return Plan.of(stages.toArray(Stage[]::new))
        .then(report -> report.allApplied() ? Plan.verdict(verdict) : again(verdict));
  }

  private Plan again(Verdict verdict) {
    return Plan.of(Action.fetch(kind.type(), owner.key(), "the status could not be written"))
        .then(report -> onLiveObject(report, verdict));
  }

  private Plan onLiveObject(Report report, Verdict verdict) {
    Optional<Rejected> unread = report.firstRejected();
    if (unread.isPresent()) {
      return Plan.verdict(Verdict.retry(unread.get().error()));
    }
    HasMetadata live = report.applied().get(0).answer();
    if (live == null || !owner.uid().equals(live.getMetadata().getUid())) {
      return Plan.verdict(Verdict.retry(owner.key() + " was replaced by another incarnation"));
    }
    return Plan.of(update(live, "the status is still out of date"))
        .then(second -> concluded(second, verdict));
  }

  private static Plan concluded(Report report, Verdict verdict) {
    return Plan.verdict(report.firstRejected().map(r -> Verdict.retry(r.error())).orElse(verdict));
  }

  private Action update(HasMetadata object, String why) {
    return kind.statusUpdate(object, next, why);
  }
}
