package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pods.PodFromTemplate;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.OwnerReferences;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The status an owner should have.
 *
 * <p>Immutable.
 */
final class NextStatus {

  private NextStatus() {}

  /**
   * Counts pods and sets or clears the failure condition.
   *
   * @param countsTerminating whether the kind has a field for terminating pods
   * @param failure why scaling failed; empty when it did not, or was not tried
   */
  static ReplicaStatus of(Sync sync, boolean countsTerminating, Optional<String> failure) {
    ReplicaOwner owner = sync.owner();
    return new ReplicaStatus(
        sync.pods().size(),
        count(sync.pods(), pod -> isFullyLabeled(pod, owner.template())),
        count(sync.pods(), PodStates::isReady),
        count(sync.pods(), pod -> PodStates.isAvailable(pod, owner.minReady(), sync.now())),
        countsTerminating && sync.config().terminatingReplicas() ? terminating(sync) : null,
        conditions(sync, failure),
        owner.generation());
  }

  private static boolean isFullyLabeled(Pod pod, PodTemplateSpec template) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    Map<String, String> given = labels == null ? Map.of() : labels;
    return given.entrySet().containsAll(PodFromTemplate.labels(template).entrySet());
  }

  private static int terminating(Sync sync) {
    ReplicaOwner owner = sync.owner();
    return count(
        sync.snapshot().candidates(),
        pod ->
            PodStates.isTerminating(pod)
                && OwnerReferences.isControlledBy(pod, owner.object())
                && owner.selector().matches(pod.getMetadata().getLabels()));
  }

  /** A failure that is told already keeps the time and the text of its first telling. */
  private static List<ReplicaCondition> conditions(Sync sync, Optional<String> failure) {
    List<ReplicaCondition> before = sync.owner().status().conditions();
    if (failure.isEmpty()) {
      return before.stream().filter(c -> !isFailure(c)).toList();
    }
    if (before.stream().anyMatch(NextStatus::isFailure)) {
      return before;
    }
    List<ReplicaCondition> after = new ArrayList<>(before);
    after.add(failed(sync, failure.get()));
    return after;
  }

  private static ReplicaCondition failed(Sync sync, String failure) {
    String reason =
        sync.pods().size() < sync.owner().desired()
            ? ReplicasReasons.FAILED_CREATE
            : ReplicasReasons.FAILED_DELETE;
    return new ReplicaCondition(
        ReplicasReasons.REPLICA_FAILURE, "True", reason, failure, Timestamps.format(sync.now()));
  }

  private static boolean isFailure(ReplicaCondition condition) {
    return condition.type().equals(ReplicasReasons.REPLICA_FAILURE);
  }

  private static int count(List<Pod> pods, Predicate<Pod> which) {
    return (int) pods.stream().filter(which).count();
  }
}
