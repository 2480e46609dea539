package dev.kcm.core.queue;

import java.time.Duration;

/**
 * Decides how long a failed key waits. Thread-safe.
 *
 * @param <K> key
 */
public interface RateLimiter<K> {

  /** How long the key waits before its next try; counts one more failure. */
  Duration when(K key);

  /** Forgets the failures of a key. */
  void forget(K key);

  /** How often {@link #when} was asked for the key since it was forgotten. */
  int failures(K key);
}
