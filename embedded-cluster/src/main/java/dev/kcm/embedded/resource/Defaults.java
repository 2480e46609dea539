package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the server fills into objects that leave it open, by kind.
 *
 * <p>Immutable.
 */
final class Defaults {

  private static final Map<String, Consumer<ObjectNode>> BY_KIND = new HashMap<>();

  /** Kinds that always show a spec, a status, or both, even when they are empty. */
  private static final Set<String> SHOWS_SPEC =
      Set.of(
          "coordination.k8s.io/v1/Lease",
          "v1/Node",
          "v1/Namespace",
          "v1/PersistentVolumeClaim",
          "v1/PersistentVolume",
          "v1/ResourceQuota",
          "v1/ReplicationController",
          "v1/Service",
          "networking.k8s.io/v1/Ingress",
          "policy/v1/PodDisruptionBudget");

  private static final Set<String> SHOWS_STATUS =
      Set.of(
          "v1/Node",
          "v1/Namespace",
          "v1/PersistentVolumeClaim",
          "v1/PersistentVolume",
          "v1/ResourceQuota",
          "v1/ReplicationController",
          "v1/Service",
          "apps/v1/Deployment",
          "apps/v1/ReplicaSet",
          "apps/v1/StatefulSet",
          "apps/v1/DaemonSet",
          "batch/v1/Job",
          "batch/v1/CronJob",
          "policy/v1/PodDisruptionBudget",
          "autoscaling/v1/HorizontalPodAutoscaler",
          "autoscaling/v2/HorizontalPodAutoscaler",
          "networking.k8s.io/v1/Ingress",
          "certificates.k8s.io/v1/CertificateSigningRequest");

  static {
    BY_KIND.putAll(CoreDefaults.BY_KIND);
    BY_KIND.putAll(WorkloadDefaults.BY_KIND);
    BY_KIND.put("v1/LimitRange", LimitRangeAdmission::applyDefaults);
    BY_KIND.put(CustomDefinitions.KEY, CustomDefinitions::applyDefaults);
  }

  private Defaults() {}

  /** Completes an object; a completed one stays as it is. */
  static void apply(Kind kind, ObjectNode object) {
    Consumer<ObjectNode> defaults = BY_KIND.get(KindKey.of(kind));
    if (defaults != null) {
      defaults.accept(object);
    }
  }

  /** Shows the parts that the kind always shows. */
  static void emptyParts(Kind kind, ObjectNode object) {
    String key = KindKey.of(kind);
    if (SHOWS_SPEC.contains(key)) {
      Trees.child(object, "spec");
    }
    if (SHOWS_STATUS.contains(key)) {
      Trees.child(object, "status");
    }
  }
}
