package dev.kcm.core.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long to leave something alone that has failed: each failure of an id doubles its wait, up to
 * a maximum. An id that has not failed for twice the maximum is forgotten, so memory does not grow
 * with ids that were.
 *
 * <p>For what has no place in a work queue, such as a pod that a controller keeps from starting too
 * often; keys of a queue have {@link RateLimiters}.
 *
 * <p>Guarded by {@code waits}.
 *
 * @param <I> id, with value equality
 */
public final class IdBackoff<I> {

  private final Environment environment;
  private final long first;
  private final long longest;
  private final double jitter;

  @GuardedBy("waits") private final Map<I, Wait> waits = new HashMap<>();

  @GuardedBy("waits") private long sweptNanos;

  /**
   * How long an id waits, and since when.
   *
   * @param base without jitter, in nanoseconds
   * @param drawn with jitter, in nanoseconds
   * @param since when it last failed, on the ticker
   */
  private record Wait(long base, long drawn, long since) {}

  private IdBackoff(Environment environment, Duration first, Duration longest, double jitter) {
    this.environment = environment;
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.jitter = jitter;
    this.sweptNanos = environment.ticker().nanos();
  }

  /**
   * Waits without jitter.
   *
   * @param first after the first failure, above zero
   * @param longest not less than the first
   * @throws IllegalArgumentException when they are out of range
   */
  public static <I> IdBackoff<I> of(Duration first, Duration longest, Environment environment) {
    return withJitter(first, longest, 0, environment);
  }

  /**
   * Waits that are longer by up to a part of the first one, by chance.
   *
   * @param jitter that part, 0 or more
   * @throws IllegalArgumentException when something is out of range
   */
  public static <I> IdBackoff<I> withJitter(
      Duration first, Duration longest, double jitter, Environment environment) {
    boolean fits = !first.isNegative() && !first.isZero() && first.compareTo(longest) <= 0;
    if (!fits || !(jitter >= 0)) {
      throw new IllegalArgumentException(
          "a back-off needs 0 < first <= longest and jitter >= 0, got %s, %s, %s"
              .formatted(first, longest, jitter));
    }
    return new IdBackoff<>(environment, first, longest, jitter);
  }

  /** Notes a failure of an id; returns how long to leave it alone from now on. */
  public Duration failed(I id) {
    long now = environment.ticker().nanos();
    double chance = jitter == 0 ? 0 : environment.random().nextDouble();
    synchronized (waits) {
      sweep(now);
      Wait last = waits.get(id);
      long base =
          last == null || isForgotten(last, now)
              ? first
              : last.base > longest / 2 ? longest : 2 * last.base;
      long drawn = base + (long) (chance * jitter * first);
      waits.put(id, new Wait(base, drawn, now));
      return Duration.ofNanos(drawn);
    }
  }

  /** How much longer to leave an id alone; empty when not at all. */
  public Optional<Duration> remaining(I id) {
    long now = environment.ticker().nanos();
    synchronized (waits) {
      Wait wait = waits.get(id);
      long left = wait == null ? 0 : wait.drawn - (now - wait.since);
      return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }
  }

  /** Forgets the failures of an id. */
  public void reset(I id) {
    synchronized (waits) {
      waits.remove(id);
    }
  }

  /** How many ids are remembered. */
  public int size() {
    synchronized (waits) {
      return waits.size();
    }
  }

  private boolean isForgotten(Wait wait, long now) {
    return now - wait.since > 2 * longest;
  }

  /**
   * Once in the time after which ids are forgotten, so that it costs each failure next to nothing.
   */
  @GuardedBy("waits") private void sweep(long now) {
    if (now - sweptNanos > 2 * longest) {
      sweptNanos = now;
      waits.values().removeIf(wait -> isForgotten(wait, now));
    }
  }
}
