package dev.kcm.controllers.lifecycle.namespace;

import java.time.Duration;

/**
 * Tunables of the deletion of namespaces.
 *
 * @param concurrentSyncs namespaces worked on at a time, 1 or more
 * @param syncPeriod how often every namespace being deleted is looked at without any news; zero for
 *     as often as the process repeats everything
 */
public record NamespaceConfig(int concurrentSyncs, Duration syncPeriod) {

  /** Namespaces worked on at a time, by default. */
  public static final int DEFAULT_SYNCS = 10;

  /** How often every namespace is looked at, by default: 5 minutes. */
  public static final Duration DEFAULT_PERIOD = Duration.ofMinutes(5);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public NamespaceConfig {
    if (concurrentSyncs < 1) {
      throw new IllegalArgumentException(
          "concurrent-namespace-syncs is " + concurrentSyncs + ", allowed: 1 or more");
    }
    if (syncPeriod.isNegative()) {
      throw new IllegalArgumentException(
          "namespace-sync-period is " + syncPeriod + ", allowed: zero or more");
    }
  }

  /** As upstream runs without flags. */
  public static NamespaceConfig defaults() {
    return new NamespaceConfig(DEFAULT_SYNCS, DEFAULT_PERIOD);
  }
}
