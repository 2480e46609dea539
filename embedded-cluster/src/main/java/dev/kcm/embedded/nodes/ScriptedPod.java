package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides when something happens in a pod that runs, and what its status is then: its containers
 * follow a script, or its deadline passes.
 *
 * @param pod the pod as it is
 * @param script what its annotations say
 */
record ScriptedPod(JsonNode pod, PodScript script) {

  /** Whether there is anything to follow. */
  static boolean is(JsonNode pod) {
    return pod.path("spec").hasNonNull("activeDeadlineSeconds") || !PodScript.of(pod).isEmpty();
  }

  private JsonNode status() {
    return pod.path("status");
  }

  private List<ContainerTurn> containers() {
    List<ContainerTurn> turns = new ArrayList<>();
    status()
        .path("containerStatuses")
        .forEach(status -> turns.add(new ContainerTurn(pod, script, status)));
    return turns;
  }

  /** When something happens next; empty for never. */
  Optional<Instant> due() {
    Optional<Instant> earliest = deadline();
    for (ContainerTurn container : containers()) {
      Optional<Instant> due = container.due();
      if (due.isPresent() && (earliest.isEmpty() || due.get().isBefore(earliest.get()))) {
        earliest = due;
      }
    }
    return earliest;
  }

  private Optional<Instant> deadline() {
    JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
    JsonNode start = status().path("startTime");
    return seconds.isNumber() && start.isTextual()
        ? Optional.of(Instant.parse(start.asText()).plusSeconds(seconds.asLong()))
        : Optional.empty();
  }

  /** A strategic merge patch with what has happened until now. */
  ObjectNode report(Instant now) {
    boolean late = deadline().filter(deadline -> !deadline.isAfter(now)).isPresent();
    List<ObjectNode> next =
        containers().stream()
            .map(container -> late ? killed(container, now) : container.after(now))
            .toList();
    String phase = late ? "Failed" : phase(next);
    ObjectNode patch = patch();
    ObjectNode status = patch.putObject("status").put("phase", phase);
    if (late) {
      status.put("reason", "DeadlineExceeded");
      status.put("message", "Pod was active on the node longer than the specified deadline");
    }
    status.putArray("containerStatuses").addAll(next);
    addConditions(status.putArray("conditions"), phase, next, now);
    return patch;
  }

  /** Makes of the report of a pod that has just started one of a pod that is not ready yet. */
  void delayReadiness(ObjectNode patch, Instant now) {
    ObjectNode status = (ObjectNode) patch.path("status");
    List<ObjectNode> next = new ArrayList<>();
    boolean delayed = false;
    for (JsonNode container : status.path("containerStatuses")) {
      boolean ready =
          script.readyAfter(container.path("name").asText()).filter(Duration::isZero).isPresent();
      next.add(((ObjectNode) container).put("ready", ready));
      delayed = delayed || !ready;
    }
    if (delayed) {
      ArrayNode conditions = status.putArray("conditions");
      PodStatus.addCondition(conditions, pod, "PodReadyToStartContainers", now);
      PodStatus.addCondition(conditions, pod, "Initialized", now);
      addConditions(conditions, "Running", next, now);
    }
  }

  /** The report of a pod whose containers do not run yet, or never will with such a script. */
  ObjectNode prepare(String hostIp, Instant now) {
    List<String> problems = script.problems();
    ObjectNode patch = patch();
    ObjectNode report = patch.putObject("status").put("startTime", PodStatus.time(now));
    report.put("hostIP", hostIp).putArray("hostIPs").addObject().put("ip", hostIp);
    ArrayNode statuses = report.putArray("containerStatuses");
    for (JsonNode container : pod.path("spec").path("containers")) {
      ObjectNode status = statuses.addObject();
      status.set("name", container.path("name"));
      status.set("image", container.path("image"));
      status.put("imageID", "").put("ready", false).put("restartCount", 0).put("started", false);
      ObjectNode waiting = status.putObject("state").putObject("waiting");
      if (problems.isEmpty()) {
        waiting.put("reason", "ContainerCreating");
      } else {
        waiting.put("reason", "CreateContainerConfigError");
        waiting.put("message", String.join("; ", problems));
      }
    }
    return patch;
  }

  private ObjectNode patch() {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").set("uid", pod.path("metadata").path("uid"));
    return patch;
  }

  private static ObjectNode killed(ContainerTurn container, Instant now) {
    ObjectNode next = container.status().deepCopy();
    if (next.path("state").path("running").isObject()) {
      ContainerTurn.terminate(next, 137, "Error", now);
    }
    return next;
  }

  private static String phase(List<ObjectNode> containers) {
    boolean failed = false;
    for (ObjectNode container : containers) {
      JsonNode ended = container.path("state").path("terminated");
      if (!ended.isObject()) {
        return "Running";
      }
      failed = failed || ended.path("exitCode").asInt() != 0;
    }
    return failed ? "Failed" : "Succeeded";
  }

  private void addConditions(
      ArrayNode conditions, String phase, List<ObjectNode> containers, Instant now) {
    List<String> unready = new ArrayList<>();
    for (ObjectNode container : containers) {
      if (!container.path("ready").asBoolean()) {
        unready.add(container.path("name").asText());
      }
    }
    for (String type : List.of("Ready", "ContainersReady")) {
      ObjectNode condition = PodStatus.addCondition(conditions, pod, type, now);
      if (!phase.equals("Running")) {
        condition.put("status", "False").putNull("message");
        condition.put("reason", phase.equals("Failed") ? "PodFailed" : "PodCompleted");
      } else if (unready.isEmpty()) {
        condition.put("status", "True").putNull("reason").putNull("message");
      } else {
        condition.put("status", "False").put("reason", "ContainersNotReady");
        condition.put(
            "message", "containers with unready status: " + unready.toString().replace(",", ""));
      }
      keepTransition(condition);
    }
  }

  /** A condition that stays as it was keeps the time of its last change. */
  private void keepTransition(ObjectNode condition) {
    for (JsonNode known : status().path("conditions")) {
      if (known.path("type").equals(condition.path("type"))
          && known.path("status").equals(condition.path("status"))) {
        condition.set("lastTransitionTime", known.path("lastTransitionTime"));
      }
    }
  }
}
