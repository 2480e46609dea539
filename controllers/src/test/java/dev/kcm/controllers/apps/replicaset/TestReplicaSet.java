package dev.kcm.controllers.apps.replicaset;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Map;

/** ReplicaSets for tests. */
final class TestReplicaSet {

  static final Map<String, String> LABELS = Map.of("app", "web");

  private TestReplicaSet() {}

  /** A new one with no status yet. */
  static ReplicaSetBuilder wanting(int replicas) {
    return named("web", replicas);
  }

  static ReplicaSetBuilder named(String name, int replicas) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .withGeneration(1L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(LABELS)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .withImage("nginx")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  /** A reference to the deployment that controls some of them. */
  static OwnerReference deployment() {
    return new OwnerReferenceBuilder()
        .withApiVersion("apps/v1")
        .withKind("Deployment")
        .withName("web")
        .withUid("uid-of-deployment")
        .withController(true)
        .build();
  }

  /** One whose status says that so many pods run and are ready. */
  static ReplicaSet settled(int replicas) {
    return wanting(replicas)
        .withNewStatus()
        .withReplicas(replicas)
        .withFullyLabeledReplicas(replicas)
        .withReadyReplicas(replicas)
        .withAvailableReplicas(replicas)
        .withObservedGeneration(1L)
        .endStatus()
        .build();
  }
}
