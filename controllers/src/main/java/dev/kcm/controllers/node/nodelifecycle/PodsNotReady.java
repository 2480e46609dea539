package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Marks pods as not ready because their node is not, so that they get no more traffic.
 *
 * <p>Immutable.
 */
final class PodsNotReady {

  private static final String WHY = "the node of the pod is not ready";
  private static final Comparator<Pod> BY_NAME =
      Comparator.comparing((Pod pod) -> pod.getMetadata().getNamespace())
          .thenComparing(pod -> pod.getMetadata().getName());

  private PodsNotReady() {}

  /** Whether a pod says of itself anything else than that it is not ready. */
  static boolean isToBeMarked(Pod pod) {
    return conditions(pod).stream()
        .anyMatch(c -> "Ready".equals(c.getType()) && !"False".equals(c.getStatus()));
  }

  /**
   * Marks those pods that are to be marked, all at once, with an event for each.
   *
   * @param end verdict when all could be marked
   */
  static Plan mark(Collection<Pod> pods, Instant now, Verdict end) {
    List<Action> updates =
        pods.stream()
            .filter(PodsNotReady::isToBeMarked)
            .sorted(BY_NAME)
            .<Action>map(pod -> Action.updateStatus(PodStates.TYPE, marked(pod, now), WHY))
            .toList();
    return updates.isEmpty()
        ? Plan.verdict(end)
        : Plan.of(Stage.parallel(updates)).then(report -> tell(report, end));
  }

  private static Plan tell(Report report, Verdict end) {
    List<Action> events = new ArrayList<>();
    Optional<ApiError> failed = Optional.empty();
    for (Report.Result result : report.results()) {
      if (result instanceof Report.Rejected rejected) {
        if (rejected.error().kind() == ApiError.Kind.NOT_FOUND) {
          continue;
        }
        failed = failed.isEmpty() ? Optional.of(rejected.error()) : failed;
      }
      if (result.action() instanceof Action.Update<?> update
          && update.object() instanceof Pod pod) {
        events.add(event(pod));
      }
    }
    return Plan.of(events).ending(failed.map(Verdict::retry).orElse(end));
  }

  private static Action event(Pod pod) {
    return new Action.Emit(
        pod,
        PodStates.TYPE,
        Action.Severity.WARNING,
        NodeLifecycleReasons.NOT_READY,
        NodeLifecycleReasons.POD_ON_NODE_NOT_READY,
        WHY);
  }

  private static Pod marked(Pod pod, Instant now) {
    List<PodCondition> next = new ArrayList<>();
    for (PodCondition condition : conditions(pod)) {
      boolean marks = "Ready".equals(condition.getType()) && !"False".equals(condition.getStatus());
      next.add(
          marks
              ? new PodConditionBuilder(condition)
                  .withStatus("False")
                  .withLastTransitionTime(Timestamps.format(now))
                  .build()
              : condition);
    }
    return new PodBuilder(pod).editStatus().withConditions(next).endStatus().build();
  }

  private static List<PodCondition> conditions(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getConditions() == null
        ? List.of()
        : pod.getStatus().getConditions();
  }
}
