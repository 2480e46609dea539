package dev.kcm.core.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A de-duplicating queue of keys, with delays and back-off.
 *
 * <p>Keys need value equality and a stable hash. Thread-safe. Made by {@code WorkQueues}.
 *
 * @param <K> key
 */
public interface WorkQueue<K> {

  /**
   * Adds a key. Ignored when it already waits, or after {@link #shutDown()}. While the key is with
   * a worker, any number of adds makes it ready once more after the worker is done.
   */
  void add(K key);

  /**
   * Adds a key once a delay has passed; zero or negative means at once. Of several delays for one
   * key the earliest counts. An immediate {@link #add} does not cancel it. Never blocks. What still
   * waits at shutdown is dropped.
   */
  void addAfter(K key, Duration delay);

  /** Adds a key once its rate limiter allows. */
  void addRateLimited(K key);

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

  /** Whether {@link #shutDown()} was called. */
  boolean isShutDown();

  /** Accepts no more keys; those already ready are still handed out. Idempotent. */
  void shutDown();

  /**
   * Shuts down, and says when no key is ready and none is being worked on. Workers go on taking
   * what is ready; work that never ends only lets the timeout pass.
   *
   * @param timeout longest wait
   * @return completes with the keys left over, empty when all was done, on the thread that ended
   *     the last work or one of the environment; never exceptionally
   */
  CompletableFuture<List<K>> drainAsync(Duration timeout);

  /**
   * As {@link #drainAsync}, waiting for the answer.
   *
   * @param timeout longest wait
   * @return the keys left over, empty when all was done
   * @throws InterruptedException when the waiting thread is interrupted
   */
  List<K> drain(Duration timeout) throws InterruptedException;

  /**
   * A key with a worker. Closing it says that the work is done; closing twice does nothing, even
   * when the key has been handed out again since. Thread-safe.
   *
   * @param <K> key
   */
  interface Item<K> extends AutoCloseable {

    /** The key. */
    K key();

    @Override
    void close();
  }
}
