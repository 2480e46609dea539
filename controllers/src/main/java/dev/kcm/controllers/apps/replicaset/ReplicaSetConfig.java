package dev.kcm.controllers.apps.replicaset;

/**
 * Tunables of the ReplicaSet controller.
 *
 * @param concurrentSyncs ReplicaSets worked on at a time, 1 or more
 */
public record ReplicaSetConfig(int concurrentSyncs) {

  /** ReplicaSets worked on at a time, by default: 5. */
  public static final int DEFAULT_CONCURRENT_SYNCS = 5;

  public ReplicaSetConfig {
    if (concurrentSyncs < 1) {
      throw new IllegalArgumentException(
          "concurrent-replicaset-syncs is " + concurrentSyncs + ", allowed: 1 or more");
    }
  }

  /** As upstream runs without flags. */
  public static ReplicaSetConfig defaults() {
    return new ReplicaSetConfig(DEFAULT_CONCURRENT_SYNCS);
  }
}
