package dev.kcm.controllers.apps.replicationcontroller;

/**
 * Tunables of the ReplicationController controller.
 *
 * @param concurrentSyncs ReplicationControllers worked on at a time, 1 or more
 */
public record ReplicationControllerConfig(int concurrentSyncs) {

  /** ReplicationControllers worked on at a time, by default: 5. */
  public static final int DEFAULT_CONCURRENT_SYNCS = 5;

  public ReplicationControllerConfig {
    if (concurrentSyncs < 1) {
      throw new IllegalArgumentException(
          "concurrent_rc_syncs is " + concurrentSyncs + ", allowed: 1 or more");
    }
  }

  /** As upstream runs without flags. */
  public static ReplicationControllerConfig defaults() {
    return new ReplicationControllerConfig(DEFAULT_CONCURRENT_SYNCS);
  }
}
