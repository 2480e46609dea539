package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.Claimant;
import dev.kcm.controllers.shared.objects.Claims;
import dev.kcm.controllers.shared.pods.PodFromTemplate;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Keeps as many pods as the owner wants: claims pods by label, creates what is missing, deletes
 * what is too many, and writes down what it sees.
 *
 * <p>A run takes at most seven turns: live read of the owner, claims, creations or deletions,
 * events and status, re-read, second status write, end.
 *
 * <p>Immutable.
 */
public final class ReplicasReconciler implements Reconciler<ReplicasSnapshot> {

  private final ReplicaKind<?> kind;

  /** An engine for a kind. */
  public ReplicasReconciler(ReplicaKind<?> kind) {
    this.kind = kind;
  }

  @Override
  public Plan decide(ReplicasSnapshot snapshot, Instant now) {
    ReplicaOwner owner = snapshot.owner();
    Optional<String> problem = owner.selector().problem();
    if (problem.isPresent()) {
      return Plan.verdict(Verdict.drop("cannot use the selector: " + problem.get()));
    }
    Claimant<Pod> claimant =
        new Claimant<>(kind.type(), owner.object(), owner.selector(), PodStates.TYPE);
    List<Pod> active = snapshot.candidates().stream().filter(PodStates::isActive).toList();
    return Claims.of(claimant, active).then(claimed -> scale(new Sync(snapshot, claimed, now)));
  }

  private Plan scale(Sync sync) {
    if (!sync.snapshot().settled() || sync.owner().isDeleting()) {
      return conclude(sync, List.of(), Optional.empty());
    }
    int missing = sync.owner().desired() - sync.pods().size();
    if (missing > 0) {
      return create(sync, Math.min(missing, sync.config().burst()));
    }
    if (missing < 0) {
      return delete(sync, Math.min(-missing, sync.config().burst()));
    }
    return conclude(sync, List.of(), Optional.empty());
  }

  private Plan create(Sync sync, int count) {
    ReplicaOwner owner = sync.owner();
    if (PodFromTemplate.labels(owner.template()).isEmpty()) {
      return conclude(sync, List.of(), Optional.of("unable to create pods, no labels"));
    }
    Pod pod = PodFromTemplate.of(owner.template(), owner.object(), kind.type());
    Action creation = Action.create(PodStates.TYPE, pod, "too few pods").expecting();
    return Plan.of(Stage.slowStart(Collections.nCopies(count, creation)))
        .then(report -> conclude(sync, creationEvents(sync, report), creationFailure(report)));
  }

  private Plan delete(Sync sync, int count) {
    Victims victims = Victims.of(sync.snapshot(), sync.pods(), count, sync.now());
    List<Action> deletions = new ArrayList<>();
    for (Pod victim : victims.pods()) {
      deletions.add(Action.delete(PodStates.TYPE, victim, "too many pods").expecting());
    }
    List<Stage> stages = new ArrayList<>();
    if (!victims.measures().isEmpty()) {
      stages.add(Stage.keepGoing(victims.measures()));
    }
    stages.add(Stage.parallel(deletions));
    return Plan.of(stages.toArray(Stage[]::new))
        .then(report -> conclude(sync, deletionEvents(sync, report), deletionFailure(report)));
  }

  private Plan conclude(Sync sync, List<Action> events, Optional<String> failure) {
    ReplicaStatus next = NextStatus.of(sync, kind.countsTerminating(), failure);
    return new StatusWrite(kind, sync.owner(), next).plan(events, verdict(sync, next, failure));
  }

  private static Verdict verdict(Sync sync, ReplicaStatus next, Optional<String> failure) {
    if (failure.isPresent()) {
      return Verdict.retry(failure.get());
    }
    ReplicaOwner owner = sync.owner();
    if (owner.minReady().isZero() || next.ready() == next.available()) {
      return Verdict.DONE;
    }
    return Verdict.after(
        PodStates.untilNextAvailable(sync.pods(), owner.minReady(), sync.now())
            .orElse(owner.minReady()));
  }

  private List<Action> creationEvents(Sync sync, Report report) {
    OwnerEvents events = new OwnerEvents(kind.type(), sync.owner().object());
    for (Report.Result result : report.results()) {
      if (result instanceof Report.Applied applied && applied.answer() != null) {
        events.created(applied.answer());
      } else if (result instanceof Rejected rejected && !rejected.error().namespaceTerminating()) {
        events.createFailed(rejected.error());
      }
    }
    return events.actions();
  }

  /** Nothing can be created in a namespace on its way out; that is no failure. */
  private static Optional<String> creationFailure(Report report) {
    return report.rejected().stream()
        .filter(rejected -> !rejected.error().namespaceTerminating())
        .findFirst()
        .map(rejected -> rejected.error().message());
  }

  private List<Action> deletionEvents(Sync sync, Report report) {
    OwnerEvents events = new OwnerEvents(kind.type(), sync.owner().object());
    for (Report.Result result : report.results()) {
      if (result.action() instanceof Action.Delete<?> deletion) {
        if (result instanceof Report.Applied) {
          events.deleted(deletion.key());
        } else if (result instanceof Rejected rejected) {
          events.deleteFailed(rejected.error());
        }
      }
    }
    return events.actions();
  }

  private static Optional<String> deletionFailure(Report report) {
    return report
        .firstRejected()
        .map(rejected -> "unable to delete pods: " + rejected.error().message());
  }
}
