package dev.kcm.controllers.node.podgc;

/**
 * Tunables of the pod garbage collector.
 *
 * @param terminatedPodThreshold finished pods that are kept in the whole cluster; 0 or less keeps
 *     all
 */
public record PodGcConfig(int terminatedPodThreshold) {

  /** Finished pods that are kept, by default: 12500. */
  public static final int DEFAULT_TERMINATED_POD_THRESHOLD = 12_500;

  /** As upstream runs without flags. */
  public static PodGcConfig defaults() {
    return new PodGcConfig(DEFAULT_TERMINATED_POD_THRESHOLD);
  }
}
