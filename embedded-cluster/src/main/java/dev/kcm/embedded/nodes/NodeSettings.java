package dev.kcm.embedded.nodes;

import java.time.Duration;

/**
 * How simulated nodes behave.
 *
 * @param count number of nodes, 0 to 1000; they are named {@code node-0} and so on
 * @param shortestStart least time from binding a pod to its containers running
 * @param longestStart most time for that; each pod takes some time in between
 * @param stop time from the wish to delete a pod to its containers having stopped; a shorter grace
 *     period wins
 * @param leaseRenewal time between two renewals of a node's lease
 * @param heartbeat time between two reports of a node whose state has not changed
 * @param cpus processors of a node
 * @param memoryGib memory of a node in GiB
 * @param pods most pods on a node
 */
public record NodeSettings(
    int count,
    Duration shortestStart,
    Duration longestStart,
    Duration stop,
    Duration leaseRenewal,
    Duration heartbeat,
    int cpus,
    int memoryGib,
    int pods) {

  /** Most nodes of a cluster. */
  public static final int MAX_COUNT = 1000;

  /** Refuses values that make no sense, naming them. */
  public NodeSettings {
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count must be 0 to " + MAX_COUNT + ", not " + count);
    }
    if (shortestStart.isNegative() || longestStart.compareTo(shortestStart) < 0) {
      throw new IllegalArgumentException(
          "start times must grow from 0, not " + shortestStart + " to " + longestStart);
    }
    if (stop.isNegative()) {
      throw new IllegalArgumentException("stop must not be negative: " + stop);
    }
    if (leaseRenewal.toMillis() <= 0 || heartbeat.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "leaseRenewal and heartbeat must be positive, not %s and %s"
              .formatted(leaseRenewal, heartbeat));
    }
    if (cpus < 1 || memoryGib < 1 || pods < 1) {
      throw new IllegalArgumentException(
          "cpus, memoryGib and pods must be at least 1, not %d, %d and %d"
              .formatted(cpus, memoryGib, pods));
    }
  }

  /**
   * The usual settings: pods start within 0.1 to 0.3 s and stop within 0.5 s, leases are renewed
   * every 10 s, states reported every 5 min; 32 processors, 128 GiB, 500 pods.
   *
   * @param count number of nodes
   */
  public static NodeSettings of(int count) {
    return new NodeSettings(
        count,
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofMillis(500),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        32,
        128,
        500);
  }

  /** The same with other start and stop times of pods. */
  public NodeSettings withPodTimes(Duration shortest, Duration longest, Duration stopTime) {
    return new NodeSettings(
        count, shortest, longest, stopTime, leaseRenewal, heartbeat, cpus, memoryGib, pods);
  }

  /** The same with another time between two renewals of a lease. */
  public NodeSettings withLeaseRenewal(Duration renewal) {
    return new NodeSettings(
        count, shortestStart, longestStart, stop, renewal, heartbeat, cpus, memoryGib, pods);
  }
}
