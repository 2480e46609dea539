package dev.kcm.controllers.node.podgc;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * One pass: asks the server about nodes that are missing, marks pods as failed that have not ended,
 * and deletes. What fails is tried again in the next pass.
 *
 * <p>Immutable.
 */
final class PodGcReconciler implements Reconciler<PodGcSnapshot> {

  /** From the end of one pass to the next. */
  static final Duration PERIOD = Duration.ofSeconds(20);

  @Override
  public Plan decide(PodGcSnapshot snapshot, Instant now) {
    if (snapshot.orphansByNode().isEmpty()) {
      return collect(snapshot, Set.of(), now);
    }
    List<Action> questions = new ArrayList<>();
    for (String node : new TreeMap<>(snapshot.orphansByNode()).keySet()) {
      questions.add(
          Action.fetch(Kinds.NODES, new ObjectKey("", node), "is the node of the pods gone"));
    }
    return Plan.of(Stage.parallel(questions))
        .then(report -> collect(snapshot, goneNodes(report), now));
  }

  /** Only the server's own word counts; a question that failed is asked again. */
  private static Set<String> goneNodes(Report report) {
    Set<String> gone = new HashSet<>();
    for (Report.Rejected rejected : report.rejected()) {
      if (rejected.error().kind() == ApiError.Kind.NOT_FOUND
          && rejected.action() instanceof Action.Fetch<?> fetch) {
        gone.add(fetch.key().name());
      }
    }
    return gone;
  }

  private static Plan collect(PodGcSnapshot snapshot, Set<String> goneNodes, Instant now) {
    List<Doomed> doomed = doomed(snapshot, goneNodes);
    if (doomed.isEmpty()) {
      return Plan.verdict(Verdict.after(PERIOD));
    }
    List<Doomed> toMark = doomed.stream().filter(d -> !PodStates.isTerminal(d.pod())).toList();
    if (toMark.isEmpty()) {
      return delete(doomed, List.of());
    }
    List<Action> patches = new ArrayList<>();
    toMark.forEach(d -> patches.add(FailedPatch.of(d, snapshot.observedGeneration(), now)));
    return Plan.of(Stage.parallel(patches)).then(report -> deleteMarked(doomed, toMark, report));
  }

  private static Plan deleteMarked(List<Doomed> doomed, List<Doomed> toMark, Report report) {
    List<Doomed> unmarked = new ArrayList<>();
    for (int i = 0; i < toMark.size(); i++) {
      if (!(report.results().get(i) instanceof Report.Applied)) {
        unmarked.add(toMark.get(i));
      }
    }
    List<Doomed> rest = new ArrayList<>(doomed);
    rest.removeAll(unmarked);
    return delete(rest, unmarked);
  }

  private static Plan delete(List<Doomed> doomed, List<Doomed> unmarked) {
    List<Action> deletions = new ArrayList<>();
    doomed.forEach(d -> deletions.add(d.deletion()));
    return Plan.of(Stage.parallel(deletions))
        .then(
            report -> {
              List<Doomed> failed = new ArrayList<>(unmarked);
              for (int i = 0; i < doomed.size(); i++) {
                if (!(report.results().get(i) instanceof Report.Applied)) {
                  failed.add(doomed.get(i));
                }
              }
              return counted(doomed, unmarked, failed);
            });
  }

  private static Plan counted(List<Doomed> doomed, List<Doomed> unmarked, List<Doomed> failed) {
    List<Action> measures = new ArrayList<>();
    doomed.forEach(d -> measures.add(d.measure(PodGcMetrics.DELETIONS)));
    unmarked.forEach(d -> measures.add(d.measure(PodGcMetrics.DELETIONS)));
    failed.forEach(d -> measures.add(d.measure(PodGcMetrics.ERRORS)));
    return Plan.of(Stage.keepGoing(measures)).ending(Verdict.after(PERIOD));
  }

  /** Each pod once, for the first reason that applies. */
  private static List<Doomed> doomed(PodGcSnapshot snapshot, Set<String> goneNodes) {
    List<Doomed> doomed = new ArrayList<>();
    int surplus = snapshot.terminated().size() - snapshot.config().terminatedPodThreshold();
    snapshot.terminated().stream()
        .sorted(TerminatedOrder.FIRST_TO_GO)
        .limit(Math.max(0, surplus))
        .forEach(pod -> doomed.add(new Doomed(pod, Doomed.Reason.TERMINATED)));
    addAll(doomed, snapshot.outOfService(), Doomed.Reason.OUT_OF_SERVICE);
    new TreeMap<>(snapshot.orphansByNode())
        .forEach(
            (node, pods) -> {
              if (goneNodes.contains(node)) {
                addAll(doomed, pods, Doomed.Reason.ORPHANED);
              }
            });
    addAll(doomed, snapshot.unscheduled(), Doomed.Reason.UNSCHEDULED);
    Set<ObjectKey> seen = new HashSet<>();
    return doomed.stream().filter(d -> seen.add(ObjectKey.of(d.pod()))).toList();
  }

  private static void addAll(List<Doomed> doomed, List<Pod> pods, Doomed.Reason reason) {
    pods.stream()
        .sorted(TerminatedOrder.FIRST_TO_GO)
        .forEach(pod -> doomed.add(new Doomed(pod, reason)));
  }
}
