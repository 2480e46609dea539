package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.plan.Action;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pods to delete.
 *
 * @param pods in the order of deletion
 * @param measures how old they are beside the youngest; empty when there was no choice
 */
record Victims(List<Pod> pods, List<Action> measures) {

  /** Chooses a number of pods; all of them when there are no more. */
  static Victims of(ReplicasSnapshot snapshot, List<Pod> pods, int count, Instant now) {
    if (count >= pods.size()) {
      List<Pod> all = pods.stream().sorted(Comparator.comparing(Victims::uid)).toList();
      return new Victims(all, List.of());
    }
    List<Pod> chosen =
        PodDeletionOrder.at(now, snapshot.related(), snapshot.config().podDeletionCost())
            .sort(pods)
            .subList(0, count);
    return new Victims(chosen, ageRatios(chosen, pods, now));
  }

  /**
   * Upstream divides whole milliseconds, so the ratio is cut to a whole number; kept, because the
   * buckets of dashboards are made for it. It also divides by zero when the youngest pod is of this
   * very millisecond; nothing is measured then.
   */
  private static List<Action> ageRatios(List<Pod> chosen, List<Pod> pods, Instant now) {
    Optional<Instant> youngest =
        pods.stream()
            .filter(PodStates::isReady)
            .flatMap(pod -> created(pod).stream())
            .max(Comparator.naturalOrder());
    long youngestMillis = youngest.map(at -> Duration.between(at, now).toMillis()).orElse(0L);
    List<Action> measures = new ArrayList<>();
    for (Pod victim : chosen) {
      Optional<Instant> created = created(victim);
      if (youngestMillis != 0 && PodStates.isReady(victim) && created.isPresent()) {
        long ratio = Duration.between(created.get(), now).toMillis() / youngestMillis;
        measures.add(ageRatio(ratio));
      }
    }
    return measures;
  }

  private static Action ageRatio(long ratio) {
    return new Action.Measure(
        ReplicasMetrics.AGE_RATIO, ratio, Map.of(), "pods were chosen by order");
  }

  private static Optional<Instant> created(Pod pod) {
    return Timestamps.parse(pod.getMetadata().getCreationTimestamp());
  }

  private static String uid(Pod pod) {
    String uid = pod.getMetadata().getUid();
    return uid == null ? "" : uid;
  }
}
