package dev.kcm.controllers.node.nodelifecycle;

import dev.kcm.controllers.shared.nodes.Uptime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When this process last heard of each node. Its own clock counts, never a time that a kubelet
 * wrote: a process that has just begun gives every node its full grace.
 *
 * <p>A sign of life costs one look into a map, since there are many.
 *
 * <p>Thread-safe: a concurrent map of atomics, written by event mappers and read by readers.
 */
final class Heartbeats {

  private final Uptime uptime;
  private final Map<String, AtomicLong> nanosByNode = new ConcurrentHashMap<>();

  Heartbeats(Uptime uptime) {
    this.uptime = uptime;
  }

  /** A node gave a sign of life. */
  void heard(String node) {
    AtomicLong known = nanosByNode.get(node);
    if (known == null) {
      known = nanosByNode.computeIfAbsent(node, n -> new AtomicLong());
    }
    known.set(uptime.nanos());
  }

  /** For all nodes, time begins anew: nobody could be heard while none was reached. */
  void forgiveAll() {
    long now = uptime.nanos();
    nanosByNode.values().forEach(known -> known.set(now));
  }

  /** The node is gone. */
  void forget(String node) {
    nanosByNode.remove(node);
  }

  /** How long a node has been silent; empty when it was never heard. */
  Optional<Duration> silence(String node) {
    AtomicLong known = nanosByNode.get(node);
    return known == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(uptime.nanos() - known.get()));
  }
}
