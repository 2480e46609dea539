package dev.kcm.core.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A de-duplicating queue of keys, with delays, back-off and, where the queue was made so,
 * priorities.
 *
 * <p>Keys need value equality and a stable hash. Thread-safe. Made by {@link WorkQueues}.
 *
 * <p>Methods without a priority take {@link Priority#NORMAL}. A key added several times before it
 * is handed out has the highest priority it was added with; a queue made without {@link
 * WorkQueues.Builder#prioritized()} remembers priorities, but orders by time alone.
 *
 * @param <K> key
 */
public interface WorkQueue<K> {

  /**
   * Adds a key. Ignored when it already waits, or after {@link #shutDown()}. While the key is with
   * a worker, any number of adds makes it ready once more after the worker is done.
   */
  default void add(K key) {
    add(key, Priority.NORMAL);
  }

  /**
   * Adds a key as {@link #add(Object)} does. A key that waits with a lower priority is raised, and
   * goes behind those that wait with that priority.
   *
   * @param priority {@link Priority#LOWEST} to {@link Priority#HIGHEST}
   */
  void add(K key, int priority);

  /**
   * Adds a key once a delay has passed; zero or negative means at once. Of several delays for one
   * key the earliest counts. An immediate {@link #add} does not cancel it. Never blocks. What still
   * waits at shutdown is dropped.
   */
  default void addAfter(K key, Duration delay) {
    addAfter(key, delay, Priority.NORMAL);
  }

  /**
   * Adds a key once a delay has passed, as {@link #addAfter(Object, Duration)} does. Of several
   * priorities for one key the highest counts.
   *
   * @param priority {@link Priority#LOWEST} to {@link Priority#HIGHEST}
   */
  void addAfter(K key, Duration delay, int priority);

  /** Adds a key once its rate limiter allows. */
  default void addRateLimited(K key) {
    addRateLimited(key, Priority.NORMAL);
  }

  /**
   * Adds a key once its rate limiter allows.
   *
   * @param priority {@link Priority#LOWEST} to {@link Priority#HIGHEST}
   */
  void addRateLimited(K key, int priority);

  /**
   * Adds a key once its rate limiter allows, after a delay at the latest.
   *
   * @param atMost the longest wait; zero or negative means at once
   * @param priority {@link Priority#LOWEST} to {@link Priority#HIGHEST}
   */
  void addRateLimited(K key, Duration atMost, int priority);

  /** Forgets the failures of a key, so that its next back-off starts small. */
  void forget(K key);

  /** Failures of the key since it was forgotten. */
  int failures(K key);

  /**
   * Takes the next key without waiting.
   *
   * @return empty when no key is ready; {@link #isShutDown()} tells whether one may still come
   */
  Optional<Item<K>> poll();

  /**
   * Takes the next key, waiting for one.
   *
   * @return empty when the queue is shut down and empty
   * @throws InterruptedException when the waiting thread is interrupted
   */
  Optional<Item<K>> take() throws InterruptedException;

  /**
   * Sets what is told that a key has become ready, one call for each, and calls it right away for
   * each key that is ready already. It is called with no lock held, on the thread that added the
   * key or freed it, or on one of the environment when a delay has passed; it must be quick and
   * must not throw. A call may find the key already taken.
   */
  void onReady(Runnable listener);

  /** Keys ready to be taken. */
  int size();

  /** Keys that wait for a delay; one that is ready as well counts too. */
  int delayed();

  /** Whether {@link #shutDown()} was called. */
  boolean isShutDown();

  /** Accepts no more keys; those already ready are still handed out. Idempotent. */
  void shutDown();

  /** What a drain does with keys that are added again while they are with a worker. */
  enum ReAdds {
    /** They are ignored, as any other add after {@link #shutDown()}. */
    IGNORED,
    /**
     * They are accepted, delayed ones and those of a rate limiter included, and the drain waits for
     * them as well: a key that fails is tried again for as long as the drain lasts.
     */
    ACCEPTED
  }

  /** As {@link #drainAsync(Duration, ReAdds)}, ignoring keys added from now on. */
  default CompletableFuture<List<K>> drainAsync(Duration timeout) {
    return drainAsync(timeout, ReAdds.IGNORED);
  }

  /**
   * Shuts down, and says when no key is ready and none is being worked on. Workers go on taking
   * what is ready; work that never ends only lets the timeout pass.
   *
   * @param timeout longest wait
   * @param reAdds whether keys in work may be added again; once a drain of this queue accepts them,
   *     they are accepted until one has ended
   * @return completes with the keys left over, empty when all was done, on the thread that ended
   *     the last work or one of the environment; never exceptionally. First come the keys that are
   *     ready, then those with a worker, then those that wait for a delay
   */
  CompletableFuture<List<K>> drainAsync(Duration timeout, ReAdds reAdds);

  /** As {@link #drain(Duration, ReAdds)}, ignoring keys added from now on. */
  default List<K> drain(Duration timeout) throws InterruptedException {
    return drain(timeout, ReAdds.IGNORED);
  }

  /**
   * As {@link #drainAsync(Duration, ReAdds)}, waiting for the answer.
   *
   * @param timeout longest wait
   * @return the keys left over, empty when all was done
   * @throws InterruptedException when the waiting thread is interrupted
   */
  List<K> drain(Duration timeout, ReAdds reAdds) throws InterruptedException;

  /**
   * A key with a worker. Closing it says that the work is done; closing twice does nothing, even
   * when the key has been handed out again since. Thread-safe.
   *
   * @param <K> key
   */
  interface Item<K> extends AutoCloseable {

    /** The key. */
    K key();

    /** The highest priority the key was added with for this round. */
    int priority();

    @Override
    void close();
  }
}
