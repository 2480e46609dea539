package dev.kcm.controllers.node.podgc;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.Objects;

/**
 * In which order pods go: evicted ones first, then the oldest, then by name.
 *
 * <p>Immutable.
 */
final class TerminatedOrder {

  static final Comparator<Pod> FIRST_TO_GO =
      Comparator.comparing((Pod pod) -> !isEvicted(pod))
          .thenComparing(pod -> orEmpty(pod.getMetadata().getCreationTimestamp()))
          .thenComparing(pod -> pod.getMetadata().getName())
          .thenComparing(pod -> orEmpty(pod.getMetadata().getNamespace()));

  private TerminatedOrder() {}

  private static boolean isEvicted(Pod pod) {
    return pod.getStatus() != null
        && "Failed".equals(pod.getStatus().getPhase())
        && "Evicted".equals(pod.getStatus().getReason());
  }

  private static String orEmpty(String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
