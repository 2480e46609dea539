package dev.kcm.controllers.apps.replicationcontroller;

import dev.kcm.controllers.shared.objects.LabelMatcher;
import dev.kcm.controllers.shared.replicas.ReplicaCondition;
import dev.kcm.controllers.shared.replicas.ReplicaKind;
import dev.kcm.controllers.shared.replicas.ReplicaOwner;
import dev.kcm.controllers.shared.replicas.ReplicaStatus;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerCondition;
import io.fabric8.kubernetes.api.model.ReplicationControllerConditionBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerSpec;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * ReplicationControllers as the engine sees them.
 *
 * <p>Immutable.
 */
final class ReplicationControllerKind {

  static final ResourceType<ReplicationController> TYPE =
      ResourceType.of(ReplicationController.class);

  static final ReplicaKind<ReplicationController> KIND =
      new ReplicaKind<>(
          TYPE, ReplicationControllerKind::owner, ReplicationControllerKind::withStatus, false);

  /** What the API server fills in when the field is missing. */
  private static final int DEFAULT_REPLICAS = 1;

  private ReplicationControllerKind() {}

  private static ReplicaOwner owner(ReplicationController controller) {
    ReplicationControllerSpec spec =
        Optional.ofNullable(controller.getSpec()).orElseGet(ReplicationControllerSpec::new);
    return new ReplicaOwner(
        controller,
        LabelMatcher.ofLabels(spec.getSelector()),
        Objects.requireNonNullElse(spec.getReplicas(), DEFAULT_REPLICAS),
        Optional.ofNullable(spec.getTemplate()).orElseGet(PodTemplateSpec::new),
        Duration.ofSeconds(ReplicaStatus.read(spec.getMinReadySeconds())),
        status(
            Optional.ofNullable(controller.getStatus())
                .orElseGet(ReplicationControllerStatus::new)));
  }

  private static ReplicaStatus status(ReplicationControllerStatus status) {
    return new ReplicaStatus(
        ReplicaStatus.read(status.getReplicas()),
        ReplicaStatus.read(status.getFullyLabeledReplicas()),
        ReplicaStatus.read(status.getReadyReplicas()),
        ReplicaStatus.read(status.getAvailableReplicas()),
        null,
        status.getConditions().stream().map(ReplicationControllerKind::condition).toList(),
        ReplicaStatus.read(status.getObservedGeneration()));
  }

  private static ReplicationController withStatus(
      ReplicationController controller, ReplicaStatus status) {
    return new ReplicationControllerBuilder(controller)
        .withNewStatus()
        .withReplicas(status.replicas())
        .withFullyLabeledReplicas(ReplicaStatus.written(status.fullyLabeled()))
        .withReadyReplicas(ReplicaStatus.written(status.ready()))
        .withAvailableReplicas(ReplicaStatus.written(status.available()))
        .withConditions(
            status.conditions().stream().map(ReplicationControllerKind::condition).toList())
        .withObservedGeneration(status.observedGeneration())
        .endStatus()
        .build();
  }

  private static ReplicaCondition condition(ReplicationControllerCondition condition) {
    return new ReplicaCondition(
        condition.getType(),
        condition.getStatus(),
        condition.getReason(),
        condition.getMessage(),
        condition.getLastTransitionTime());
  }

  private static ReplicationControllerCondition condition(ReplicaCondition condition) {
    return new ReplicationControllerConditionBuilder()
        .withType(condition.type())
        .withStatus(condition.status())
        .withReason(condition.reason())
        .withMessage(condition.message())
        .withLastTransitionTime(condition.lastTransitionTime())
        .build();
  }
}
