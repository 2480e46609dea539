package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What happens next in one container of a scripted pod, from what its status says: it becomes
 * ready, ends, starts again at once after its first end, or after a growing pause.
 *
 * @param pod the pod
 * @param script what the pod's annotations say
 * @param status the container's status as reported
 */
record ContainerTurn(JsonNode pod, PodScript script, JsonNode status) {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** A container that ran so long starts again without a pause. */
  private static final Duration GOOD_RUN = Duration.ofMinutes(10);

  private static final int MOST_DOUBLINGS = 5;

  private String name() {
    return status.path("name").asText();
  }

  private JsonNode state(String state) {
    return status.path("state").path(state);
  }

  /** When something happens next; empty for never. */
  Optional<Instant> due() {
    if (state("running").isObject()) {
      Instant started = Instant.parse(state("running").path("startedAt").asText());
      Optional<Instant> end = script.exitAfter(name()).map(started::plus);
      Optional<Instant> ready =
          status.path("ready").asBoolean()
              ? Optional.empty()
              : script.readyAfter(name()).map(started::plus);
      return end.isPresent() && ready.isPresent()
          ? (end.get().isBefore(ready.get()) ? end : ready)
          : end.or(() -> ready);
    }
    JsonNode last = status.path("lastState").path("terminated");
    return isPausing()
        ? Optional.of(Instant.parse(last.path("finishedAt").asText()).plus(pause()))
        : Optional.empty();
  }

  boolean isPausing() {
    return state("waiting").path("reason").asText().equals("CrashLoopBackOff");
  }

  private Duration pause() {
    int doublings = Math.min(MOST_DOUBLINGS, status.path("restartCount").asInt() - 1);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.max(0, doublings));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** The status once what is due has happened. */
  ObjectNode after(Instant now) {
    ObjectNode next = status.deepCopy();
    Optional<Instant> due = due();
    if (due.isEmpty() || due.get().isAfter(now)) {
      return next;
    }
    if (isPausing()) {
      return restart(next, now);
    }
    Instant started = Instant.parse(state("running").path("startedAt").asText());
    boolean ends =
        script.exitAfter(name()).filter(run -> !started.plus(run).isAfter(now)).isPresent();
    if (!ends) {
      return next.put("ready", true);
    }
    return end(next, script.exitCode(name()), started, now);
  }

  private ObjectNode end(ObjectNode next, int code, Instant started, Instant now) {
    terminate(next, code, code == 0 ? "Completed" : "Error", now);
    if (!restarts(code)) {
      return next;
    }
    boolean atOnce =
        next.path("restartCount").asInt() == 0
            || Duration.between(started, now).compareTo(GOOD_RUN) >= 0;
    next.putObject("lastState").set("terminated", next.path("state").path("terminated"));
    return atOnce ? restart(next, now) : hold(next);
  }

  private boolean restarts(int code) {
    return switch (pod.path("spec").path("restartPolicy").asText("Always")) {
      case "Never" -> false;
      case "OnFailure" -> code != 0;
      default -> true;
    };
  }

  /** Writes the end of a running container into its status. */
  static void terminate(ObjectNode status, int code, String reason, Instant now) {
    JsonNode started = status.path("state").path("running").path("startedAt");
    status.put("ready", false).put("started", false);
    ObjectNode terminated = status.putObject("state").putObject("terminated");
    terminated.put("exitCode", code).put("reason", reason);
    terminated.set("startedAt", started);
    terminated.put("finishedAt", PodStatus.time(now));
    terminated.put("containerID", status.path("containerID").asText());
  }

  private ObjectNode restart(ObjectNode next, Instant now) {
    boolean ready = script.readyAfter(name()).filter(Duration::isZero).isPresent();
    next.put("restartCount", next.path("restartCount").asInt() + 1);
    next.put("ready", ready).put("started", true);
    next.putObject("state").putObject("running").put("startedAt", PodStatus.time(now));
    return next;
  }

  private ObjectNode hold(ObjectNode next) {
    JsonNode metadata = pod.path("metadata");
    next.putObject("state")
        .putObject("waiting")
        .put("reason", "CrashLoopBackOff")
        .put(
            "message",
            "back-off %s restarting failed container=%s pod=%s_%s(%s)"
                .formatted(
                    words(pause()),
                    name(),
                    metadata.path("name").asText(),
                    metadata.path("namespace").asText(),
                    metadata.path("uid").asText()));
    return next;
  }

  private static String words(Duration pause) {
    String minutes = pause.toMinutes() > 0 ? pause.toMinutes() + "m" : "";
    return minutes + pause.toSecondsPart() + "s";
  }
}
