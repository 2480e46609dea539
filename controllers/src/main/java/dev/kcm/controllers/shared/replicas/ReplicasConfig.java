package dev.kcm.controllers.shared.replicas;

/**
 * Tunables of the engine.
 *
 * @param burst most pods created or deleted in one run, 1 or more
 * @param podDeletionCost whether the deletion cost annotation of pods counts
 * @param terminatingReplicas whether terminating pods are counted in the status, for kinds that
 *     have the field
 */
public record ReplicasConfig(int burst, boolean podDeletionCost, boolean terminatingReplicas) {

  /** Most pods created or deleted in one run, by default: 500. */
  public static final int DEFAULT_BURST = 500;

  public ReplicasConfig {
    if (burst < 1) {
      throw new IllegalArgumentException("burst is " + burst + ", allowed: 1 or more");
    }
  }

  /** As upstream 1.34 runs without feature gate settings. */
  public static ReplicasConfig defaults() {
    return new ReplicasConfig(DEFAULT_BURST, true, false);
  }

  /** The same with another burst. */
  public ReplicasConfig withBurst(int pods) {
    return new ReplicasConfig(pods, podDeletionCost, terminatingReplicas);
  }

  /** The same, counting terminating pods in the status or not. */
  public ReplicasConfig withTerminatingReplicas(boolean counted) {
    return new ReplicasConfig(burst, podDeletionCost, counted);
  }

  /** The same, heeding the deletion cost of pods or not. */
  public ReplicasConfig withPodDeletionCost(boolean heeded) {
    return new ReplicasConfig(burst, heeded, terminatingReplicas);
  }
}
