package dev.kcm.controllers.shared.pods;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The questions controllers ask of a pod's state.
 *
 * <p>Immutable.
 */
public final class PodStates {

  /** The type of pods. */
  public static final ResourceType<Pod> TYPE = ResourceType.of(Pod.class);

  private PodStates() {}

  /** Whether it has come to its end: phase Succeeded or Failed. */
  public static boolean isTerminal(Pod pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether it lives on: neither terminal nor being deleted. */
  public static boolean isActive(Pod pod) {
    return !isTerminal(pod) && pod.getMetadata().getDeletionTimestamp() == null;
  }

  /** Whether it is being deleted and has not come to its end yet. */
  public static boolean isTerminating(Pod pod) {
    return !isTerminal(pod) && pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Whether its condition Ready is True. */
  public static boolean isReady(Pod pod) {
    PodCondition ready = readyCondition(pod);
    return ready != null && "True".equals(ready.getStatus());
  }

  /** Since when it is ready; empty when it is not, or does not say. */
  public static Optional<Instant> readySince(Pod pod) {
    PodCondition ready = readyCondition(pod);
    return ready != null && "True".equals(ready.getStatus())
        ? Timestamps.parse(ready.getLastTransitionTime())
        : Optional.empty();
  }

  /** Since when it is ready, or not ready; empty when it does not say. */
  public static Optional<Instant> readyChanged(Pod pod) {
    PodCondition ready = readyCondition(pod);
    return ready == null ? Optional.empty() : Timestamps.parse(ready.getLastTransitionTime());
  }

  /**
   * Whether it has been ready for long enough.
   *
   * @param minReady zero when being ready is enough
   */
  public static boolean isAvailable(Pod pod, Duration minReady, Instant now) {
    if (minReady.isZero()) {
      return isReady(pod);
    }
    return readySince(pod).map(since -> !since.plus(minReady).isAfter(now)).orElse(false);
  }

  /** How long until the next of the ready pods becomes available; empty when none is on the way. */
  public static Optional<Duration> untilNextAvailable(
      Collection<Pod> pods, Duration minReady, Instant now) {
    return pods.stream()
        .flatMap(pod -> readySince(pod).stream())
        .map(since -> Duration.between(now, since.plus(minReady)))
        .filter(left -> !left.isZero() && !left.isNegative())
        .min(Duration::compareTo);
  }

  /** Its phase; empty when it has none yet. */
  public static String phase(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getPhase() == null) {
      return "";
    }
    return pod.getStatus().getPhase();
  }

  /** The node it is bound to; empty when it is not. */
  public static String nodeName(Pod pod) {
    if (pod.getSpec() == null || pod.getSpec().getNodeName() == null) {
      return "";
    }
    return pod.getSpec().getNodeName();
  }

  private static @Nullable PodCondition readyCondition(Pod pod) {
    if (pod.getStatus() == null) {
      return null;
    }
    for (PodCondition condition : pod.getStatus().getConditions()) {
      if ("Ready".equals(condition.getType())) {
        return condition;
      }
    }
    return null;
  }
}
