package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Defaults of the kinds that run pods: apps, batch, replication controllers, autoscalers.
 *
 * <p>Immutable.
 */
final class WorkloadDefaults {

  private static final String ROLLING = "RollingUpdate";

  static final Map<String, Consumer<ObjectNode>> BY_KIND =
      Map.of(
          "v1/ReplicationController", WorkloadDefaults::replicationController,
          "apps/v1/ReplicaSet", WorkloadDefaults::replicaSet,
          "apps/v1/Deployment", WorkloadDefaults::deployment,
          "apps/v1/StatefulSet", WorkloadDefaults::statefulSet,
          "apps/v1/DaemonSet", WorkloadDefaults::daemonSet,
          "batch/v1/Job", WorkloadDefaults::job,
          "batch/v1/CronJob", WorkloadDefaults::cronJob,
          "autoscaling/v1/HorizontalPodAutoscaler", WorkloadDefaults::scaler,
          "autoscaling/v2/HorizontalPodAutoscaler", WorkloadDefaults::scalerWithMetrics);

  private WorkloadDefaults() {}

  private static ObjectNode spec(ObjectNode object) {
    return Trees.child(object, "spec");
  }

  private static void replicationController(ObjectNode controller) {
    ObjectNode spec = spec(controller);
    Trees.putIfAbsent(spec, "replicas", 1);
    PodDefaults.template(spec);
    var labels = spec.path("template").path("metadata").path("labels");
    if (!labels.isEmpty()) {
      if (spec.path("selector").isEmpty()) {
        spec.set("selector", labels.deepCopy());
      }
      copyLabels(controller, spec);
    }
  }

  private static void copyLabels(ObjectNode object, ObjectNode spec) {
    var labels = spec.path("template").path("metadata").path("labels");
    if (object.path("metadata").path("labels").isEmpty() && !labels.isEmpty()) {
      Meta.of(object).set("labels", labels.deepCopy());
    }
  }

  private static void replicaSet(ObjectNode set) {
    Trees.putIfAbsent(spec(set), "replicas", 1);
    PodDefaults.template(spec(set));
  }

  private static void deployment(ObjectNode deployment) {
    ObjectNode spec = spec(deployment);
    Trees.putIfAbsent(spec, "replicas", 1);
    Trees.putIfAbsent(spec, "revisionHistoryLimit", 10);
    Trees.putIfAbsent(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = Trees.child(spec, "strategy");
    Trees.putIfAbsent(strategy, "type", ROLLING);
    if (strategy.path("type").asText().equals(ROLLING)) {
      ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
      Trees.putIfAbsent(rolling, "maxSurge", "25%");
      Trees.putIfAbsent(rolling, "maxUnavailable", "25%");
    }
    PodDefaults.template(spec);
  }

  private static void statefulSet(ObjectNode set) {
    ObjectNode spec = spec(set);
    Trees.putIfAbsent(spec, "replicas", 1);
    Trees.putIfAbsent(spec, "revisionHistoryLimit", 10);
    Trees.putIfAbsent(spec, "podManagementPolicy", "OrderedReady");
    ObjectNode strategy = Trees.child(spec, "updateStrategy");
    Trees.putIfAbsent(strategy, "type", ROLLING);
    if (strategy.path("type").asText().equals(ROLLING)) {
      Trees.putIfAbsent(Trees.child(strategy, "rollingUpdate"), "partition", 0);
    }
    ObjectNode retention = Trees.child(spec, "persistentVolumeClaimRetentionPolicy");
    Trees.putIfAbsent(retention, "whenDeleted", "Retain");
    Trees.putIfAbsent(retention, "whenScaled", "Retain");
    for (ObjectNode claim : Trees.items(spec, "volumeClaimTemplates")) {
      claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
      Trees.putIfAbsent(Trees.child(claim, "spec"), "volumeMode", "Filesystem");
      Trees.putIfAbsent(Trees.child(claim, "status"), "phase", "Pending");
    }
    PodDefaults.template(spec);
  }

  private static void daemonSet(ObjectNode set) {
    ObjectNode spec = spec(set);
    Trees.putIfAbsent(spec, "revisionHistoryLimit", 10);
    ObjectNode strategy = Trees.child(spec, "updateStrategy");
    Trees.putIfAbsent(strategy, "type", ROLLING);
    if (strategy.path("type").asText().equals(ROLLING)) {
      ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
      Trees.putIfAbsent(rolling, "maxUnavailable", 1);
      Trees.putIfAbsent(rolling, "maxSurge", 0);
    }
    PodDefaults.template(spec);
  }

  private static void job(ObjectNode job) {
    ObjectNode spec = spec(job);
    if (!spec.has("completions") && !spec.has("parallelism")) {
      spec.put("completions", 1);
    }
    jobSpec(spec);
    copyLabels(job, spec);
  }

  private static void jobSpec(ObjectNode spec) {
    Trees.putIfAbsent(spec, "parallelism", 1);
    Trees.putIfAbsent(
        spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
    Trees.putIfAbsent(spec, "completionMode", "NonIndexed");
    Trees.putIfAbsent(spec, "suspend", false);
    Trees.putIfAbsent(spec, "manualSelector", false);
    Trees.putIfAbsent(
        spec,
        "podReplacementPolicy",
        spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    PodDefaults.template(spec);
  }

  private static void cronJob(ObjectNode cronJob) {
    ObjectNode spec = spec(cronJob);
    Trees.putIfAbsent(spec, "concurrencyPolicy", "Allow");
    Trees.putIfAbsent(spec, "suspend", false);
    Trees.putIfAbsent(spec, "successfulJobsHistoryLimit", 3);
    Trees.putIfAbsent(spec, "failedJobsHistoryLimit", 1);
    ObjectNode template = Trees.child(spec, "jobTemplate");
    Trees.child(template, "metadata");
    PodDefaults.template(Trees.child(template, "spec"));
  }

  private static void scaler(ObjectNode scaler) {
    Trees.putIfAbsent(spec(scaler), "minReplicas", 1);
  }

  private static void scalerWithMetrics(ObjectNode scaler) {
    scaler(scaler);
    ObjectNode spec = spec(scaler);
    if (spec.path("metrics").isEmpty()) {
      ObjectNode metric = Trees.listChild(spec, "metrics").addObject().put("type", "Resource");
      metric
          .putObject("resource")
          .put("name", "cpu")
          .putObject("target")
          .put("type", "Utilization")
          .put("averageUtilization", 80);
    }
  }
}
