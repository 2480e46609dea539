package dev.kcm.core.queue;

import org.jspecify.annotations.Nullable;

/**
 * Decides which of the waiting keys is next. It holds the keys that are ready, each once.
 *
 * <p>Belongs to one queue, which calls it under its lock: it needs no lock of its own, must be
 * quick, must not throw and must not use the queue.
 *
 * @param <K> key
 */
public interface KeyOrder<K> {

  /** Takes in a key that has become ready; it is not held yet. */
  void push(K key, int priority);

  /**
   * Hears that a key it holds was added once more. The default does nothing.
   *
   * @param priority of that add
   */
  default void touch(K key, int priority) {}

  /**
   * Gives out the next key and holds it no longer.
   *
   * @return null only when {@link #size()} is 0
   */
  @Nullable K pop();

  /** Keys held. */
  int size();
}
