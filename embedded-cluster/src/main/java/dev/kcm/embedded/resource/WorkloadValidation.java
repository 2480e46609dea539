package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the kinds that run pods.
 *
 * <p>Immutable.
 */
final class WorkloadValidation {

  private static final String TEMPLATE_LABELS = "spec.template.metadata.labels";
  private static final String MISMATCH = "`selector` does not match template `labels`";
  private static final String IMMUTABLE = "field is immutable";
  private static final int CRON_JOB_NAME = 52;

  static final Map<String, Validation.Rule> BY_KIND =
      Map.of(
          "v1/ReplicationController", WorkloadValidation::replicationController,
          "apps/v1/ReplicaSet", WorkloadValidation::replicaSet,
          "apps/v1/Deployment", WorkloadValidation::deployment,
          "apps/v1/StatefulSet", WorkloadValidation::statefulSet,
          "apps/v1/DaemonSet", WorkloadValidation::daemonSet,
          "batch/v1/Job", WorkloadValidation::job,
          "batch/v1/CronJob", WorkloadValidation::cronJob);

  private WorkloadValidation() {}

  private static void replicationController(
      JsonNode controller, JsonNode current, FieldErrors errors) {
    JsonNode spec = controller.path("spec");
    notNegative("spec.minReadySeconds", spec.path("minReadySeconds"), errors);
    JsonNode selector = spec.path("selector");
    if (selector.isEmpty()) {
      errors.required("spec.selector", "");
    }
    notNegative("spec.replicas", spec.path("replicas"), errors);
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (!selector.isEmpty()
        && !Trees.texts(labels).entrySet().containsAll(Trees.texts(selector).entrySet())) {
      errors.invalid(TEMPLATE_LABELS, labelsOf(labels), MISMATCH);
    }
    template(spec.path("template"), Set.of("Always"), errors);
  }

  private static void replicaSet(JsonNode set, JsonNode current, FieldErrors errors) {
    JsonNode spec = set.path("spec");
    notNegative("spec.replicas", spec.path("replicas"), errors);
    notNegative("spec.minReadySeconds", spec.path("minReadySeconds"), errors);
    selector(spec, "deployment", errors);
    template(spec.path("template"), Set.of("Always"), errors);
    immutableSelector(spec, current, errors);
  }

  private static void deployment(JsonNode deployment, JsonNode current, FieldErrors errors) {
    JsonNode spec = deployment.path("spec");
    notNegative("spec.replicas", spec.path("replicas"), errors);
    selector(spec, "deployment", errors);
    template(spec.path("template"), Set.of("Always"), errors);
    notNegative("spec.minReadySeconds", spec.path("minReadySeconds"), errors);
    notNegative("spec.revisionHistoryLimit", spec.path("revisionHistoryLimit"), errors);
    deploymentStrategy(spec.path("strategy"), errors);
    long deadline = spec.path("progressDeadlineSeconds").asLong();
    if (deadline <= spec.path("minReadySeconds").asLong()) {
      errors.invalid(
          "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }
    immutableSelector(spec, current, errors);
  }

  private static void deploymentStrategy(JsonNode strategy, FieldErrors errors) {
    JsonNode type = strategy.path("type");
    if (!Set.of("Recreate", "RollingUpdate").contains(type.asText())) {
      errors.notSupported("spec.strategy.type", type, Set.of("Recreate", "RollingUpdate"));
    } else if (type.asText().equals("Recreate") && strategy.has("rollingUpdate")) {
      errors.forbidden(
          "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
    }
  }

  private static void statefulSet(JsonNode set, JsonNode current, FieldErrors errors) {
    JsonNode spec = set.path("spec");
    notNegative("spec.replicas", spec.path("replicas"), errors);
    notNegative("spec.minReadySeconds", spec.path("minReadySeconds"), errors);
    selector(spec, "statefulset", errors);
    template(spec.path("template"), Set.of("Always"), errors);
    if (!current.isMissingNode() && !frozenSet(spec).equals(frozenSet(current.path("spec")))) {
      errors.forbidden(
          "spec",
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit',"
              + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    }
  }

  private static JsonNode frozenSet(JsonNode spec) {
    var frozen = Trees.shallow(spec);
    frozen.remove(
        List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds"));
    return frozen;
  }

  private static void daemonSet(JsonNode set, JsonNode current, FieldErrors errors) {
    JsonNode spec = set.path("spec");
    selector(spec, "daemonset", errors);
    template(spec.path("template"), Set.of("Always"), errors);
    notNegative("spec.minReadySeconds", spec.path("minReadySeconds"), errors);
    immutableSelector(spec, current, errors);
  }

  private static void job(JsonNode job, JsonNode current, FieldErrors errors) {
    JsonNode spec = job.path("spec");
    jobSpec("spec", spec, errors);
    selector(spec, "job", errors);
    if (!current.isMissingNode()) {
      JsonNode before = current.path("spec");
      immutable("spec.selector", spec.path("selector"), before.path("selector"), errors);
      boolean elastic = spec.path("completionMode").asText().equals("Indexed");
      if (!elastic) {
        immutable("spec.completions", spec.path("completions"), before.path("completions"), errors);
      }
      boolean wasSuspended = before.path("suspend").asBoolean();
      if (!wasSuspended) {
        immutable("spec.template", spec.path("template"), before.path("template"), errors);
      }
      immutable(
          "spec.completionMode",
          spec.path("completionMode"),
          before.path("completionMode"),
          errors);
    }
  }

  private static void jobSpec(String field, JsonNode spec, FieldErrors errors) {
    for (String count :
        List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished")) {
      notNegative(field + "." + count, spec.path(count), errors);
    }
    PodValidation.spec(field + ".template.spec", spec.path("template").path("spec"), errors);
    JsonNode policy = spec.path("template").path("spec").path("restartPolicy");
    if (policy.asText().equals("Always")) {
      errors.required(
          field + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
    }
  }

  /** Refuses counters below zero in the status of a job. */
  static void jobStatus(JsonNode job, FieldErrors errors) {
    for (String counter : List.of("active", "succeeded", "failed", "ready", "terminating")) {
      notNegative("status." + counter, job.path("status").path(counter), errors);
    }
  }

  private static void cronJob(JsonNode cronJob, JsonNode current, FieldErrors errors) {
    JsonNode spec = cronJob.path("spec");
    if (spec.path("schedule").asText("").isEmpty()) {
      errors.required("spec.schedule", "");
    }
    if (current.isMissingNode() && Meta.name(cronJob).length() > CRON_JOB_NAME) {
      errors.invalid("metadata.name", Meta.name(cronJob), "must be no more than 52 characters");
    }
    notNegative("spec.startingDeadlineSeconds", spec.path("startingDeadlineSeconds"), errors);
    JsonNode policy = spec.path("concurrencyPolicy");
    if (!Set.of("Allow", "Forbid", "Replace").contains(policy.asText())) {
      errors.notSupported("spec.concurrencyPolicy", policy, Set.of("Allow", "Forbid", "Replace"));
    }
    jobSpec("spec.jobTemplate.spec", spec.path("jobTemplate").path("spec"), errors);
    for (String limit : List.of("successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
      notNegative("spec." + limit, spec.path(limit), errors);
    }
  }

  static void notNegative(String field, JsonNode value, FieldErrors errors) {
    if (value.asLong(0) < 0) {
      errors.invalid(field, value, "must be greater than or equal to 0");
    }
  }

  private static void selector(JsonNode spec, String noun, FieldErrors errors) {
    JsonNode selector = spec.path("selector");
    if (selector.isMissingNode()) {
      errors.required("spec.selector", "");
      return;
    }
    if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
      errors.invalid("spec.selector", selector, "empty selector is invalid for " + noun);
      return;
    }
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (!ObjectSelector.matches(selector, Trees.texts(labels))) {
      errors.invalid(TEMPLATE_LABELS, labelsOf(labels), MISMATCH);
    }
  }

  private static JsonNode labelsOf(JsonNode labels) {
    return labels.isMissingNode() ? NullNode.getInstance() : labels;
  }

  private static void template(JsonNode template, Set<String> policies, FieldErrors errors) {
    MetaValidation.labels("spec.template.labels", template.path("metadata").path("labels"), errors);
    PodValidation.spec("spec.template.spec", template.path("spec"), errors);
    JsonNode policy = template.path("spec").path("restartPolicy");
    if (!policies.contains(policy.asText("Always"))) {
      errors.notSupported("spec.template.spec.restartPolicy", policy, policies);
    }
  }

  private static void immutableSelector(JsonNode spec, JsonNode current, FieldErrors errors) {
    if (!current.isMissingNode()) {
      immutable(
          "spec.selector", spec.path("selector"), current.path("spec").path("selector"), errors);
    }
  }

  private static void immutable(String field, JsonNode value, JsonNode before, FieldErrors errors) {
    if (!value.equals(before)) {
      errors.invalid(field, value, IMMUTABLE);
    }
  }
}
