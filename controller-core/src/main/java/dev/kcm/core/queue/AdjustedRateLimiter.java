package dev.kcm.core.queue;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** Changes each wait of another limiter. Thread-safe: both parts are. */
final class AdjustedRateLimiter<K> implements RateLimiter<K> {

  private final RateLimiter<K> limiter;
  private final UnaryOperator<Duration> adjustment;

  AdjustedRateLimiter(RateLimiter<K> limiter, UnaryOperator<Duration> adjustment) {
    this.limiter = limiter;
    this.adjustment = adjustment;
  }

  @Override
  public Duration when(K key) {
    return adjustment.apply(limiter.when(key));
  }

  @Override
  public void forget(K key) {
    limiter.forget(key);
  }

  @Override
  public int failures(K key) {
    return limiter.failures(key);
  }
}
