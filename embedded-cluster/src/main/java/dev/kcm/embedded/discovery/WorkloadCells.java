package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cells of the kinds that run pods, and of what belongs to them. */
final class WorkloadCells {

  private static final List<String> JOB_CONDITIONS_AFTER_DELETION =
      List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

  private WorkloadCells() {}

  static void register(Map<String, CellRule> rules) {
    rules.put("Pod", PodCells::fill);
    rules.put("PodTemplate", WorkloadCells::podTemplate);
    rules.put("ReplicationController", WorkloadCells::replicationController);
    rules.put("ReplicaSet.apps", WorkloadCells::replicaSet);
    rules.put("Deployment.apps", WorkloadCells::deployment);
    rules.put("StatefulSet.apps", WorkloadCells::statefulSet);
    rules.put("DaemonSet.apps", WorkloadCells::daemonSet);
    rules.put("ControllerRevision.apps", WorkloadCells::controllerRevision);
    rules.put("Job.batch", WorkloadCells::job);
    rules.put("CronJob.batch", WorkloadCells::cronJob);
    rules.put("HorizontalPodAutoscaler.autoscaling", AutoscalerCells::fill);
    rules.put("PodDisruptionBudget.policy", WorkloadCells::podDisruptionBudget);
  }

  private static void podTemplate(JsonNode object, Row row) {
    containers(object.path("template"), row.name(object));
    row.text(Selectors.labels(object.path("template").path("metadata").path("labels")));
  }

  private static void replicationController(JsonNode object, Row row) {
    replicas(object, row);
    row.text(Selectors.labels(object.path("spec").path("selector")));
  }

  private static void replicaSet(JsonNode object, Row row) {
    replicas(object, row);
    row.text(Selectors.selector(object.path("spec").path("selector")));
  }

  private static void replicas(JsonNode object, Row row) {
    JsonNode status = object.path("status");
    row.name(object)
        .number(object.path("spec").path("replicas"))
        .number(status.path("replicas"))
        .number(status.path("readyReplicas"))
        .age(object);
    containers(object.path("spec").path("template"), row);
  }

  private static void deployment(JsonNode object, Row row) {
    JsonNode status = object.path("status");
    row.name(object)
        .text(ready(object))
        .number(status.path("updatedReplicas"))
        .number(status.path("availableReplicas"))
        .age(object);
    containers(object.path("spec").path("template"), row);
    row.text(Selectors.selector(object.path("spec").path("selector")));
  }

  private static void statefulSet(JsonNode object, Row row) {
    row.name(object).text(ready(object)).age(object);
    containers(object.path("spec").path("template"), row);
  }

  private static String ready(JsonNode object) {
    return object.path("status").path("readyReplicas").asLong()
        + "/"
        + object.path("spec").path("replicas").asLong();
  }

  private static void daemonSet(JsonNode object, Row row) {
    JsonNode status = object.path("status");
    JsonNode template = object.path("spec").path("template");
    row.name(object)
        .number(status.path("desiredNumberScheduled"))
        .number(status.path("currentNumberScheduled"))
        .number(status.path("numberReady"))
        .number(status.path("updatedNumberScheduled"))
        .number(status.path("numberAvailable"))
        .text(Selectors.labels(template.path("spec").path("nodeSelector")))
        .age(object);
    containers(template, row);
    row.text(Selectors.selector(object.path("spec").path("selector")));
  }

  private static void controllerRevision(JsonNode object, Row row) {
    row.name(object).text(owner(object)).number(object.path("revision")).age(object);
  }

  private static String owner(JsonNode object) {
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        String apiVersion = owner.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
        return Words.lower(owner.path("kind").asText() + group) + "/" + owner.path("name").asText();
      }
    }
    return Row.NONE;
  }

  private static void job(JsonNode object, Row row) {
    row.name(object)
        .text(jobStatus(object))
        .text(completions(object))
        .text(jobDuration(object.path("status"), row))
        .age(object);
    containers(object.path("spec").path("template"), row);
    row.text(Selectors.selector(object.path("spec").path("selector")));
  }

  private static String jobStatus(JsonNode job) {
    if (hasCondition(job, "Complete")) {
      return "Complete";
    }
    if (hasCondition(job, "Failed")) {
      return "Failed";
    }
    if (Row.isSet(job.path("metadata").path("deletionTimestamp"))) {
      return "Terminating";
    }
    return JOB_CONDITIONS_AFTER_DELETION.stream()
        .filter(type -> hasCondition(job, type))
        .findFirst()
        .orElse("Running");
  }

  private static boolean hasCondition(JsonNode object, String type) {
    for (JsonNode condition : object.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static String completions(JsonNode job) {
    long succeeded = job.path("status").path("succeeded").asLong();
    JsonNode wanted = job.path("spec").path("completions");
    if (Row.isSet(wanted)) {
      return succeeded + "/" + wanted.asLong();
    }
    long parallelism = job.path("spec").path("parallelism").asLong();
    return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
  }

  private static String jobDuration(JsonNode status, Row row) {
    JsonNode start = status.path("startTime");
    JsonNode end = status.path("completionTime");
    if (!Row.isSet(start)) {
      return "";
    }
    if (!Row.isSet(end)) {
      return row.since(start);
    }
    return HumanDuration.of(Duration.between(Row.instant(start), Row.instant(end)).toSeconds());
  }

  private static void cronJob(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode suspend = spec.path("suspend");
    JsonNode last = object.path("status").path("lastScheduleTime");
    row.name(object)
        .text(spec.path("schedule"))
        .textOr(spec.path("timeZone"), Row.NONE)
        .text(Row.isSet(suspend) ? (suspend.asBoolean() ? "True" : "False") : Row.UNSET)
        .number(object.path("status").path("active").size())
        .text(Row.isSet(last) ? row.since(last) : Row.NONE)
        .age(object);
    JsonNode jobSpec = spec.path("jobTemplate").path("spec");
    containers(jobSpec.path("template"), row);
    row.text(Selectors.selector(jobSpec.path("selector")));
  }

  private static void podDisruptionBudget(JsonNode object, Row row) {
    row.name(object)
        .textOr(object.path("spec").path("minAvailable"), "N/A")
        .textOr(object.path("spec").path("maxUnavailable"), "N/A")
        .number(object.path("status").path("disruptionsAllowed"))
        .age(object);
  }

  /** Names and images of the containers of a pod template, one cell each. */
  private static void containers(JsonNode template, Row row) {
    List<String> names = new ArrayList<>();
    List<String> images = new ArrayList<>();
    for (JsonNode container : template.path("spec").path("containers")) {
      names.add(container.path("name").asText());
      images.add(container.path("image").asText());
    }
    row.text(String.join(",", names)).text(String.join(",", images));
  }
}
