package dev.kcm.core.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A de-duplicating queue of keys, with delays and back-off.
 *
 * <p>Keys need value equality and a stable hash. Thread-safe. Made by {@code WorkQueues}.
 *
 * @param <K> key
 */
public interface WorkQueue<K> {

  /** Adds a key. Ignored when it already waits, or after {@link #shutDown()}. */
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
   * Sets what is told that a key has become ready, one call for each. It is called with no lock
   * held, on the thread that added the key or freed it; it must be quick and must not throw.
   */
  void onReady(Runnable listener);

  /** Keys ready to be taken. */
  int size();

  /** Whether {@link #shutDown()} was called. */
  boolean isShutDown();

  /** Accepts no more keys; those already ready are still handed out. Idempotent. */
  void shutDown();

  /**
   * Shuts down and waits until no key is ready and none is being worked on.
   *
   * @param timeout longest wait
   * @return the keys left over, empty when all was done
   * @throws InterruptedException when the waiting thread is interrupted
   */
  List<K> drain(Duration timeout) throws InterruptedException;

  /**
   * A key with a worker. Closing it says that the work is done; closing twice does nothing.
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
