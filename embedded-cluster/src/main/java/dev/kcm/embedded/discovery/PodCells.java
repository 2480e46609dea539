package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * The cells of a Pod: readiness, the most telling reason of its containers, restarts.
 *
 * <p><i>Confined to the calling thread; one pod each.</i>
 */
final class PodCells {

  private final JsonNode pod;
  private final JsonNode status;
  private String reason;
  private int containers;
  private int ready;
  private long restarts;
  private Instant lastRestart = Instant.MIN;

  private PodCells(JsonNode pod) {
    this.pod = pod;
    this.status = pod.path("status");
    this.reason = Row.orElse(status.path("reason"), status.path("phase").asText(""));
    this.containers = pod.path("spec").path("containers").size();
  }

  static void fill(JsonNode pod, Row row) {
    PodCells cells = new PodCells(pod);
    cells.examine();
    cells.write(row);
  }

  private void examine() {
    JsonNode scheduled = condition("PodScheduled");
    if (scheduled.path("reason").asText().equals("SchedulingGated")) {
      reason = "SchedulingGated";
    }
    boolean initializing = examineInitContainers();
    if (!initializing || isTrue(condition("Initialized"))) {
      examineContainers();
    }
    if (Row.isSet(pod.path("metadata").path("deletionTimestamp"))) {
      examineDeletion();
    }
  }

  /** Whether an init container still has to finish. */
  private boolean examineInitContainers() {
    JsonNode statuses = status.path("initContainerStatuses");
    JsonNode specs = pod.path("spec").path("initContainers");
    for (JsonNode spec : specs) {
      containers += isSidecar(spec) ? 1 : 0;
    }
    long sidecarRestarts = 0;
    Instant lastSidecarRestart = Instant.MIN;
    boolean initializing = false;
    for (int i = 0; i < statuses.size() && !initializing; i++) {
      JsonNode container = statuses.get(i);
      boolean sidecar = isSidecar(named(specs, container.path("name").asText()));
      countRestarts(container);
      if (sidecar) {
        sidecarRestarts += container.path("restartCount").asLong();
        lastSidecarRestart = later(lastSidecarRestart, finished(container));
      }
      if (sidecar && !isDone(container) && container.path("started").asBoolean()) {
        ready += container.path("ready").asBoolean() ? 1 : 0;
      } else if (!isDone(container)) {
        reason = "Init:" + initReason(container, i, specs.size());
        initializing = true;
      }
    }
    if (!initializing || isTrue(condition("Initialized"))) {
      // Restarts of finished init containers no longer count.
      restarts = sidecarRestarts;
      lastRestart = lastSidecarRestart;
    }
    return initializing;
  }

  private static boolean isDone(JsonNode container) {
    JsonNode terminated = container.path("state").path("terminated");
    return terminated.isObject() && terminated.path("exitCode").asInt() == 0;
  }

  private static String initReason(JsonNode container, int index, int total) {
    JsonNode terminated = container.path("state").path("terminated");
    if (terminated.isObject()) {
      return terminationReason(terminated);
    }
    String waiting = container.path("state").path("waiting").path("reason").asText("");
    boolean telling = !waiting.isEmpty() && !waiting.equals("PodInitializing");
    return telling ? waiting : index + "/" + total;
  }

  private static String terminationReason(JsonNode terminated) {
    String given = terminated.path("reason").asText("");
    if (!given.isEmpty()) {
      return given;
    }
    int signal = terminated.path("signal").asInt();
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.path("exitCode").asInt();
  }

  private void examineContainers() {
    JsonNode statuses = status.path("containerStatuses");
    boolean running = false;
    for (int i = statuses.size() - 1; i >= 0; i--) {
      JsonNode container = statuses.get(i);
      countRestarts(container);
      JsonNode state = container.path("state");
      String waiting = state.path("waiting").path("reason").asText("");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (state.path("terminated").isObject()) {
        reason = terminationReason(state.path("terminated"));
      } else if (container.path("ready").asBoolean() && state.path("running").isObject()) {
        running = true;
        ready++;
      }
    }
    if (running && reason.equals("Completed")) {
      reason = isTrue(condition("Ready")) ? "Running" : "NotReady";
    }
  }

  private void examineDeletion() {
    String phase = status.path("phase").asText();
    if (status.path("reason").asText().equals("NodeLost")) {
      reason = "Unknown";
    } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
      reason = "Terminating";
    }
  }

  private void countRestarts(JsonNode container) {
    restarts += container.path("restartCount").asLong();
    lastRestart = later(lastRestart, finished(container));
  }

  private static Instant finished(JsonNode container) {
    return Row.instant(container.path("lastState").path("terminated").path("finishedAt"));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private JsonNode condition(String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return status.path("no such condition");
  }

  private static boolean isTrue(JsonNode condition) {
    return condition.path("status").asText().equals("True");
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode item : list) {
      if (item.path("name").asText().equals(name)) {
        return item;
      }
    }
    return list.path("no such item");
  }

  private static boolean isSidecar(JsonNode container) {
    return container.path("restartPolicy").asText().equals("Always");
  }

  private void write(Row row) {
    JsonNode spec = pod.path("spec");
    row.name(pod)
        .text(ready + "/" + containers)
        .text(reason)
        .text(restarts(row))
        .age(pod)
        .textOr(ip(), Row.NONE)
        .textOr(spec.path("nodeName"), Row.NONE)
        .textOr(status.path("nominatedNodeName"), Row.NONE)
        .text(readinessGates());
  }

  private JsonNode ip() {
    JsonNode first = status.path("podIPs").path(0).path("ip");
    return first.isTextual() ? first : status.path("podIP");
  }

  private String restarts(Row row) {
    return restarts == 0 || lastRestart.equals(Instant.MIN)
        ? String.valueOf(restarts)
        : restarts + " (" + row.since(lastRestart) + " ago)";
  }

  private String readinessGates() {
    JsonNode gates = pod.path("spec").path("readinessGates");
    int open = 0;
    for (JsonNode gate : gates) {
      open += isTrue(condition(gate.path("conditionType").asText())) ? 1 : 0;
    }
    return gates.isEmpty() ? Row.NONE : open + "/" + gates.size();
  }
}
