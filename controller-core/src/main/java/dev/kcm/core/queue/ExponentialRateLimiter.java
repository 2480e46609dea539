package dev.kcm.core.queue;

import java.time.Duration;

/** Doubles the wait of a key with each failure, up to a maximum. Thread-safe: the counts are. */
final class ExponentialRateLimiter<K> implements RateLimiter<K> {

  private final FailureCounts<K> failures = new FailureCounts<>();
  private final long baseNanos;
  private final Duration max;
  private final long maxNanos;

  ExponentialRateLimiter(Duration base, Duration max) {
    this.baseNanos = base.toNanos();
    this.max = max;
    this.maxNanos = max.toNanos();
  }

  @Override
  public Duration when(K key) {
    int before = failures.increment(key);
    // A shift by 63 or more would wrap around; the maximum is reached long before.
    return before >= Long.SIZE - 1 || baseNanos > maxNanos >> before
        ? max
        : Duration.ofNanos(baseNanos << before);
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
