package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** Decides what a node does next about one of its pods. Immutable. */
final class PodLifecycle {

  private final NodeSettings settings;

  PodLifecycle(NodeSettings settings) {
    this.settings = settings;
  }

  /** What to do, and how long to wait before. */
  sealed interface Step {

    /** Nothing, until the pod changes. */
    record Wait() implements Step {}

    /** Report what has happened in the containers by then. */
    record Report(Duration after) implements Step {}

    /** Say why the containers do not run yet. */
    record Prepare() implements Step {}

    /** Report the containers as running. */
    record Run(Duration after) implements Step {}

    /** Stop the containers and remove the pod. */
    record Remove(Duration after) implements Step {}
  }

  /**
   * The next step for a pod bound to the node.
   *
   * @param spread where in the range of start times this pod lies, 0 to 1
   * @param now time of the cluster
   */
  Step next(JsonNode pod, double spread, Instant now) {
    JsonNode metadata = pod.path("metadata");
    if (metadata.hasNonNull("deletionTimestamp")) {
      return new Step.Remove(stopTime(pod, metadata.path("deletionGracePeriodSeconds").asLong()));
    }
    String phase = pod.path("status").path("phase").asText("Pending");
    return switch (phase) {
      case "Pending" -> start(pod, spread, now);
      case "Running" -> follow(pod, now);
      default -> new Step.Wait();
    };
  }

  private Step start(JsonNode pod, double spread, Instant now) {
    PodScript script = PodScript.of(pod);
    if (script.isEmpty()) {
      return new Step.Run(startTime(spread));
    }
    boolean said = !pod.path("status").path("containerStatuses").isEmpty();
    if (!script.problems().isEmpty()) {
      return said ? new Step.Wait() : new Step.Prepare();
    }
    if (script.startAfter().isEmpty()) {
      return new Step.Run(startTime(spread));
    }
    Instant bound = Instant.parse(pod.path("status").path("startTime").asText(now.toString()));
    Duration left = Duration.between(now, bound.plus(script.startAfter().get()));
    return said ? new Step.Run(notNegative(left)) : new Step.Prepare();
  }

  private static Step follow(JsonNode pod, Instant now) {
    if (!ScriptedPod.is(pod)) {
      return new Step.Wait();
    }
    PodScript script = PodScript.of(pod);
    if (!script.problems().isEmpty()) {
      return new Step.Wait();
    }
    return new ScriptedPod(pod, script)
        .due()
        .<Step>map(due -> new Step.Report(notNegative(Duration.between(now, due))))
        .orElseGet(Step.Wait::new);
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  /** Nothing has to be stopped in a pod that never ran, or that has come to its end. */
  private Duration stopTime(JsonNode pod, long graceSeconds) {
    if (!pod.path("status").path("phase").asText().equals("Running")) {
      return Duration.ZERO;
    }
    Duration grace = Duration.ofSeconds(graceSeconds);
    return grace.compareTo(settings.stop()) < 0 ? grace : settings.stop();
  }

  private Duration startTime(double spread) {
    long range = settings.longestStart().minus(settings.shortestStart()).toNanos();
    return settings.shortestStart().plusNanos((long) (range * spread));
  }
}
