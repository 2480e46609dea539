package dev.kcm.controllers.apps.replicaset;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.controllers.shared.replicas.ReplicaCondition;
import dev.kcm.controllers.shared.replicas.ReplicaKind;
import dev.kcm.controllers.shared.replicas.ReplicaOwner;
import dev.kcm.controllers.shared.replicas.ReplicaStatus;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * ReplicaSets as the engine sees them.
 *
 * <p>Immutable.
 */
final class ReplicaSetKind {

  static final ResourceType<ReplicaSet> TYPE = ResourceType.of(ReplicaSet.class);

  static final ReplicaKind<ReplicaSet> KIND =
      new ReplicaKind<>(TYPE, ReplicaSetKind::owner, ReplicaSetKind::withStatus, true);

  /** What the API server fills in when the field is missing. */
  private static final int DEFAULT_REPLICAS = 1;

  private ReplicaSetKind() {}

  private static ReplicaOwner owner(ReplicaSet set) {
    ReplicaSetSpec spec = Optional.ofNullable(set.getSpec()).orElseGet(ReplicaSetSpec::new);
    return new ReplicaOwner(
        set,
        LabelMatcher.of(spec.getSelector()),
        Objects.requireNonNullElse(spec.getReplicas(), DEFAULT_REPLICAS),
        Optional.ofNullable(spec.getTemplate()).orElseGet(PodTemplateSpec::new),
        Duration.ofSeconds(ReplicaStatus.read(spec.getMinReadySeconds())),
        status(Optional.ofNullable(set.getStatus()).orElseGet(ReplicaSetStatus::new)));
  }

  private static ReplicaStatus status(ReplicaSetStatus status) {
    return new ReplicaStatus(
        ReplicaStatus.read(status.getReplicas()),
        ReplicaStatus.read(status.getFullyLabeledReplicas()),
        ReplicaStatus.read(status.getReadyReplicas()),
        ReplicaStatus.read(status.getAvailableReplicas()),
        status.getTerminatingReplicas(),
        status.getConditions().stream().map(ReplicaSetKind::condition).toList(),
        ReplicaStatus.read(status.getObservedGeneration()));
  }

  private static ReplicaSet withStatus(ReplicaSet set, ReplicaStatus status) {
    return new ReplicaSetBuilder(set)
        .withNewStatus()
        .withReplicas(status.replicas())
        .withFullyLabeledReplicas(ReplicaStatus.written(status.fullyLabeled()))
        .withReadyReplicas(ReplicaStatus.written(status.ready()))
        .withAvailableReplicas(ReplicaStatus.written(status.available()))
        .withTerminatingReplicas(status.terminating())
        .withConditions(status.conditions().stream().map(ReplicaSetKind::condition).toList())
        .withObservedGeneration(status.observedGeneration())
        .endStatus()
        .build();
  }

  private static ReplicaCondition condition(ReplicaSetCondition condition) {
    return new ReplicaCondition(
        condition.getType(),
        condition.getStatus(),
        condition.getReason(),
        condition.getMessage(),
        condition.getLastTransitionTime());
  }

  private static ReplicaSetCondition condition(ReplicaCondition condition) {
    return new ReplicaSetConditionBuilder()
        .withType(condition.type())
        .withStatus(condition.status())
        .withReason(condition.reason())
        .withMessage(condition.message())
        .withLastTransitionTime(condition.lastTransitionTime())
        .build();
  }
}
