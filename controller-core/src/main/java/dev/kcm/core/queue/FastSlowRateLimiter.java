package dev.kcm.core.queue;

import java.time.Duration;

/** A short wait for the first failures, a long one after. Thread-safe: the counts are. */
final class FastSlowRateLimiter<K> implements RateLimiter<K> {

  private final FailureCounts<K> failures = new FailureCounts<>();
  private final Duration fast;
  private final Duration slow;
  private final int fastTries;

  FastSlowRateLimiter(Duration fast, Duration slow, int fastTries) {
    this.fast = fast;
    this.slow = slow;
    this.fastTries = fastTries;
  }

  @Override
  public Duration when(K key) {
    return failures.increment(key) < fastTries ? fast : slow;
  }

  @Override
  public void forget(K key) {
    failures.forget(key);
  }

  @Override
  public int failures(K key) {
    return failures.count(key);
  }
}
