package dev.kcm.core.queue;

import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes rate limiters. Arguments out of range are refused with an IllegalArgumentException. */
public final class RateLimiters {

  /** First wait of {@link #controllerDefault}: 5 ms. */
  public static final Duration CONTROLLER_BASE = Duration.ofMillis(5);

  /** First wait of {@link #itemDefault}: 1 ms. */
  public static final Duration ITEM_BASE = Duration.ofMillis(1);

  /** Longest wait of both defaults: 1000 s. */
  public static final Duration DEFAULT_MAX = Duration.ofSeconds(1000);

  /** Rate of the bucket of {@link #controllerDefault}: 10 keys a second. */
  public static final double CONTROLLER_RATE = 10;

  /** Burst of the bucket of {@link #controllerDefault}: 100 keys. */
  public static final int CONTROLLER_BURST = 100;

  private RateLimiters() {}

  /**
   * Doubles the wait of a key with each failure.
   *
   * @param base first wait, above zero
   * @param max longest wait, at least {@code base}
   */
  public static <K> RateLimiter<K> exponential(Duration base, Duration max) {
    return new ExponentialRateLimiter<>(positive("base", base), atLeast("max", max, base));
  }

  /**
   * One bucket of tokens for all keys. Each call takes the next free slot, however far away.
   *
   * @param perSecond slots a second, above 0
   * @param burst slots that are free at once after a pause, 1 or more
   */
  public static <K> RateLimiter<K> bucket(Ticker ticker, double perSecond, int burst) {
    return bucket(ticker, perSecond, burst, Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * One bucket of tokens for all keys that steps aside under a flood: a call whose slot would be
   * further away than {@code maxReserve} takes none and waits zero. Together with {@link
   * #exponential} in {@link #maxOf} that leaves the plain exponential wait.
   *
   * @param perSecond slots a second, above 0
   * @param burst slots that are free at once after a pause, 1 or more
   * @param maxReserve longest wait for a slot, zero or more
   */
  public static <K> RateLimiter<K> bucket(
      Ticker ticker, double perSecond, int burst, Duration maxReserve) {
    if (!(perSecond > 0) || perSecond > 1e9 || burst < 1) {
      throw new IllegalArgumentException(
          "a bucket needs 0 < perSecond <= 1e9 and burst >= 1, got " + perSecond + ", " + burst);
    }
    return new BucketRateLimiter<>(
        ticker, perSecond, burst, atLeast("maxReserve", maxReserve, Duration.ZERO));
  }

  /** The longest wait of all the given limiters; each of them counts each failure. */
  public static <K> RateLimiter<K> maxOf(List<? extends RateLimiter<? super K>> limiters) {
    if (limiters.isEmpty()) {
      throw new IllegalArgumentException("maxOf needs at least one limiter");
    }
    return new MaxOfRateLimiter<>(List.copyOf(limiters));
  }

  /**
   * A short wait for the first failures of a key, a long one after.
   *
   * @param fastTries how many short waits, 0 or more
   */
  public static <K> RateLimiter<K> itemFastSlow(Duration fast, Duration slow, int fastTries) {
    atLeast("fastTries", Duration.ofNanos(fastTries), Duration.ZERO);
    return new FastSlowRateLimiter<>(
        atLeast("fast", fast, Duration.ZERO), atLeast("slow", slow, Duration.ZERO), fastTries);
  }

  /** Caps the waits of a limiter. */
  public static <K> RateLimiter<K> withMaxWait(RateLimiter<K> limiter, Duration max) {
    Duration cap = atLeast("max", max, Duration.ZERO);
    return new AdjustedRateLimiter<>(limiter, wait -> wait.compareTo(cap) > 0 ? cap : wait);
  }

  /**
   * Spreads the waits of a limiter: each is multiplied with a number drawn from 1 to 1 + factor.
   *
   * @param factor zero or more; 0.1 suits most
   * @param random draws the number; thread-safe
   */
  public static <K> RateLimiter<K> withJitter(
      RateLimiter<K> limiter, double factor, RandomGenerator random) {
    if (!(factor >= 0)) {
      throw new IllegalArgumentException("the jitter factor must be >= 0, got " + factor);
    }
    return new AdjustedRateLimiter<>(
        limiter,
        wait -> Duration.ofNanos((long) (wait.toNanos() * (1 + factor * random.nextDouble()))));
  }

  /**
   * What the built-in controllers use: the longer of an exponential wait of 5 ms to 1000 s and a
   * bucket of 10 a second with a burst of 100.
   */
  public static <K> RateLimiter<K> controllerDefault(Environment environment) {
    return maxOf(
        List.<RateLimiter<? super K>>of(
            exponential(CONTROLLER_BASE, DEFAULT_MAX),
            bucket(environment.ticker(), CONTROLLER_RATE, CONTROLLER_BURST)));
  }

  /** The default of {@link WorkQueues}: an exponential wait of 1 ms to 1000 s. */
  public static <K> RateLimiter<K> itemDefault() {
    return exponential(ITEM_BASE, DEFAULT_MAX);
  }

  private static Duration positive(String what, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(what + " must be above zero, got " + value);
    }
    return value;
  }

  private static Duration atLeast(String what, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", got " + value);
    }
    return value;
  }
}
