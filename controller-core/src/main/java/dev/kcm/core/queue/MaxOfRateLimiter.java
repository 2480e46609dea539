package dev.kcm.core.queue;

import java.time.Duration;
import java.util.List;

/** The longest wait of several limiters. Thread-safe: the members are. */
final class MaxOfRateLimiter<K> implements RateLimiter<K> {

  private final List<RateLimiter<? super K>> limiters;

  MaxOfRateLimiter(List<RateLimiter<? super K>> limiters) {
    this.limiters = limiters;
  }

  @Override
  public Duration when(K key) {
    Duration longest = Duration.ZERO;
    for (RateLimiter<? super K> limiter : limiters) {
      Duration wait = limiter.when(key);
      longest = wait.compareTo(longest) > 0 ? wait : longest;
    }
    return longest;
  }

  @Override
  public void forget(K key) {
    limiters.forEach(limiter -> limiter.forget(key));
  }

  @Override
  public int failures(K key) {
    return limiters.stream().mapToInt(limiter -> limiter.failures(key)).max().orElse(0);
  }
}
