package dev.kcm.controllers.apps.replicationcontroller;

import static dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerKind.KIND;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReplicationControllerReconcilerTest {

  private static final Map<String, String> LABELS = Map.of("name", "myservice");

  @Test
  void createsPodsUnderACoreReference() {
    Plan plan = decide(wanting(2).build());

    assertThat(plan).creates(2, Pod.class);
    assertThat(((Action.Create<?>) plan.actions().get(0)).object().getMetadata())
        .satisfies(
            metadata -> {
              assertThat(metadata.getGenerateName()).isEqualTo("nginx-rc-");
              assertThat(metadata.getOwnerReferences().get(0).getApiVersion()).isEqualTo("v1");
              assertThat(metadata.getOwnerReferences().get(0).getKind())
                  .isEqualTo("ReplicationController");
            });
  }

  @Test
  @DisplayName("terminatingReplicas is never counted, whatever the gate: no endless status writes")
  void neverCountsTerminatingPods() {
    ReplicationController controller = wanting(0).build();
    Pod leaving =
        TestPod.named("p").of(controller, KIND.type()).labels(LABELS).deletedAt(now()).build();
    ReplicasConfig on = ReplicasConfig.defaults().withTerminatingReplicas(true);
    ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of(controller));

    assertThat(Rehearsal.of(decide(snapshot(controller, on, leaving)), cluster))
        .updatesStatus(1, ReplicationController.class)
        .ends(Verdict.DONE);
    ReplicationController settled = cluster.list(ReplicationController.class).get(0);
    assertThat(decide(snapshot(settled, on, leaving))).doesNothing();
  }

  @Test
  void writesTheStatusTheWayTheServerKeepsIt() {
    ReplicationController controller = wanting(1).build();
    Pod ready =
        TestPod.named("p").of(controller, KIND.type()).labels(LABELS).readySince(now()).build();
    ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of(controller));

    Rehearsal.of(decide(controller, ready), cluster);

    ReplicationControllerStatus status =
        cluster.list(ReplicationController.class).get(0).getStatus();
    assertThat(status.getReplicas()).isEqualTo(1);
    assertThat(status.getFullyLabeledReplicas()).isEqualTo(1);
    assertThat(status.getReadyReplicas()).isEqualTo(1);
    assertThat(status.getAvailableReplicas()).isEqualTo(1);
    assertThat(status.getObservedGeneration()).isEqualTo(1);
    assertThat(status.getConditions()).isEmpty();
  }

  @Test
  @DisplayName("A nil template is an empty one: an error of its own")
  void takesAMissingTemplateForAnEmptyOne() {
    ReplicationController controller = wanting(1).editSpec().withTemplate(null).endSpec().build();
    ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of(controller));

    assertThat(Rehearsal.of(decide(controller), cluster)).retriesBecause("no labels");
  }

  private static Plan decide(ReplicationController controller, Pod... pods) {
    return decide(snapshot(controller, ReplicasConfig.defaults(), pods));
  }

  private static Plan decide(ReplicasSnapshot snapshot) {
    return new ReplicasReconciler(KIND).decide(snapshot, now());
  }

  private static ReplicasSnapshot snapshot(
      ReplicationController controller, ReplicasConfig config, Pod... pods) {
    return new ReplicasSnapshot(KIND.owner(controller), List.of(pods), List.of(), true, config);
  }

  private static Instant now() {
    return VirtualEnvironment.seeded(0).wallClock().now();
  }

  private static ReplicationControllerBuilder wanting(int replicas) {
    return new ReplicationControllerBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("nginx-rc")
        .withUid("uid-of-nginx-rc")
        .withGeneration(1L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withSelector(LABELS)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .endTemplate()
        .endSpec();
  }
}
