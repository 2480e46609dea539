package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

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

    /** Report the containers as running. */
    record Run(Duration after) implements Step {}

    /** Stop the containers and remove the pod. */
    record Remove(Duration after) implements Step {}
  }

  /**
   * The next step for a pod bound to the node.
   *
   * @param spread where in the range of start times this pod lies, 0 to 1
   */
  Step next(JsonNode pod, double spread) {
    JsonNode metadata = pod.path("metadata");
    if (metadata.hasNonNull("deletionTimestamp")) {
      return new Step.Remove(stopTime(pod, metadata.path("deletionGracePeriodSeconds").asLong()));
    }
    String phase = pod.path("status").path("phase").asText("Pending");
    return phase.equals("Pending") ? new Step.Run(startTime(spread)) : new Step.Wait();
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
