package dev.kcm.core.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Ticker;
import java.time.Duration;

/**
 * One bucket of tokens for all keys.
 *
 * <p>Instead of a level it keeps the time of the next free slot, which is exact; the level is how
 * far that time lies in the past, at most a burst.
 *
 * <p>Guarded by {@code lock}.
 */
final class BucketRateLimiter<K> implements RateLimiter<K> {

  private final Object lock = new Object();
  private final Ticker ticker;
  private final long intervalNanos;
  private final long burstNanos;
  private final long maxReserveNanos;

  @GuardedBy("lock") private long nowNanos;

  @GuardedBy("lock") private long slotNanos;

  BucketRateLimiter(Ticker ticker, double perSecond, int burst, Duration maxReserve) {
    this.ticker = ticker;
    this.intervalNanos = Math.max(1, Math.round(1e9 / perSecond));
    this.burstNanos = intervalNanos * (burst - 1L);
    this.maxReserveNanos = maxReserve.toNanos();
    this.nowNanos = ticker.nanos();
    this.slotNanos = nowNanos - burstNanos;
  }

  @Override
  public Duration when(K key) {
    synchronized (lock) {
      moveTo(ticker.nanos());
      long wait = Math.max(0, slotNanos - nowNanos);
      if (wait > maxReserveNanos) {
        return Duration.ZERO;
      }
      slotNanos += intervalNanos;
      return Duration.ofNanos(wait);
    }
  }

  /** A clock that went backwards moves the slots with it: nobody waits for it to catch up. */
  @GuardedBy("lock") private void moveTo(long newNanos) {
    if (newNanos - nowNanos < 0) {
      slotNanos -= nowNanos - newNanos;
    }
    nowNanos = newNanos;
    if (slotNanos - (nowNanos - burstNanos) < 0) {
      slotNanos = nowNanos - burstNanos;
    }
  }

  @Override
  public void forget(K key) {
    // A bucket keeps nothing about a key.
  }

  @Override
  public int failures(K key) {
    return 0;
  }
}
