package dev.kcm.core.queue;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Failures by key; asking creates nothing. Thread-safe: a concurrent map.
 *
 * @param <K> key
 */
final class FailureCounts<K> {

  private final ConcurrentMap<K, Integer> failuresByKey = new ConcurrentHashMap<>();

  /** Counts one failure and returns how many there were before it. */
  int increment(K key) {
    return failuresByKey.merge(
            key, 1, (count, one) -> count == Integer.MAX_VALUE ? count : count + 1)
        - 1;
  }

  int count(K key) {
    return failuresByKey.getOrDefault(key, 0);
  }

  int size() {
    return failuresByKey.size();
  }

  void forget(K key) {
    failuresByKey.remove(key);
  }
}
