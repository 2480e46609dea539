package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes the status that a kubelet reports for a running pod. Stateless. */
final class PodStatus {

  private static final List<String> CONDITIONS =
      List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady");

  private PodStatus() {}

  /**
   * A strategic merge patch that makes the pod Running and Ready.
   *
   * @param pod the pod as bound
   * @param hostIp address of its node
   * @param podIp address of the pod
   * @param now time of the report
   */
  static ObjectNode running(JsonNode pod, String hostIp, String podIp, Instant now) {
    String time = time(now);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("uid", pod.path("metadata").path("uid"));
    ObjectNode status = patch.putObject("status");
    status.put("phase", "Running");
    status.put("startTime", pod.path("status").path("startTime").asText(time));
    status.put("hostIP", hostIp).putArray("hostIPs").addObject().put("ip", hostIp);
    status.put("podIP", podIp).putArray("podIPs").addObject().put("ip", podIp);
    JsonNode generation = pod.path("metadata").path("generation");
    if (generation.isNumber()) {
      status.set("observedGeneration", generation);
    }
    CONDITIONS.forEach(type -> addCondition(status.withArray("/conditions"), pod, type, now));
    addContainers(status, pod, time);
    return patch;
  }

  /**
   * A strategic merge patch that ends the pod because its containers were killed.
   *
   * @param pod the pod as it is
   * @param now time of the report
   */
  static ObjectNode ended(JsonNode pod, Instant now) {
    String time = time(now);
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("uid", pod.path("metadata").path("uid"));
    ObjectNode status = patch.putObject("status").put("phase", "Failed");
    ArrayNode conditions = status.putArray("conditions");
    for (String type : List.of("Ready", "ContainersReady")) {
      ObjectNode condition = conditions.addObject().put("type", type).put("status", "False");
      condition.put("reason", "PodFailed").put("lastTransitionTime", time);
    }
    ArrayNode statuses = status.putArray("containerStatuses");
    for (JsonNode container : pod.path("spec").path("containers")) {
      kill(container(statuses.addObject(), pod, container), time);
    }
    return patch;
  }

  private static void kill(ObjectNode status, String time) {
    status.put("ready", false).put("started", false);
    ObjectNode terminated = status.putObject("state").putObject("terminated");
    terminated.put("exitCode", 137).put("reason", "Error").put("finishedAt", time);
    terminated.put("containerID", status.path("containerID").asText());
  }

  /** Adds a condition that holds since now. */
  static ObjectNode addCondition(ArrayNode conditions, JsonNode pod, String type, Instant now) {
    ObjectNode condition = conditions.addObject();
    condition.put("type", type).put("status", "True");
    condition.putNull("lastProbeTime").put("lastTransitionTime", time(now));
    JsonNode generation = pod.path("metadata").path("generation");
    if (generation.isNumber()) {
      condition.set("observedGeneration", generation);
    }
    return condition;
  }

  /** A time as kubelets report it, to the second. */
  static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void addContainers(ObjectNode status, JsonNode pod, String time) {
    JsonNode initContainers = pod.path("spec").path("initContainers");
    if (!initContainers.isEmpty()) {
      ArrayNode statuses = status.putArray("initContainerStatuses");
      for (JsonNode container : initContainers) {
        boolean sidecar = container.path("restartPolicy").asText().equals("Always");
        ObjectNode added = container(statuses.addObject(), pod, container);
        if (sidecar) {
          run(added, time);
        } else {
          complete(added, time);
        }
      }
    }
    ArrayNode statuses = status.putArray("containerStatuses");
    for (JsonNode container : pod.path("spec").path("containers")) {
      run(container(statuses.addObject(), pod, container), time);
    }
  }

  private static ObjectNode container(ObjectNode status, JsonNode pod, JsonNode container) {
    String image = image(container.path("image").asText());
    String name = container.path("name").asText();
    status.put("name", name).put("image", image).put("imageID", image);
    status.put(
        "containerID", "simulated://" + pod.path("metadata").path("uid").asText() + "/" + name);
    status.put("ready", true).put("restartCount", 0);
    status.putObject("lastState");
    return status;
  }

  private static void run(ObjectNode status, String time) {
    status.put("started", true);
    status.putObject("state").putObject("running").put("startedAt", time);
  }

  private static void complete(ObjectNode status, String time) {
    status.put("started", false);
    status
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", 0)
        .put("reason", "Completed")
        .put("startedAt", time)
        .put("finishedAt", time)
        .put("containerID", status.path("containerID").asText());
  }

  /** An image without tag or digest is the latest one. */
  private static String image(String image) {
    int tag = image.lastIndexOf(':');
    boolean named = image.contains("@") || tag > image.lastIndexOf('/');
    return named || image.isEmpty() ? image : image + ":latest";
  }
}
