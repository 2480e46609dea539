package dev.kcm.core.queue;

import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes work queues. */
public final class WorkQueues {

  /** Waiting that is worth {@link #AGEING_STEP} levels of priority: 10 s. */
  public static final Duration DEFAULT_AGEING_INTERVAL = Duration.ofSeconds(10);

  /** Levels of priority that a waiting key gains in an ageing interval: 10. */
  public static final int AGEING_STEP = 10;

  /** The longest ageing interval: a day. */
  public static final Duration LONGEST_AGEING_INTERVAL = Duration.ofDays(1);

  private WorkQueues() {}

  /**
   * A queue with a name: the value of the tag {@code name} of its metrics, and the prefix of the
   * names of threads that bring its delayed keys.
   *
   * @param name not empty
   */
  public static Builder<Object> named(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "the name of a work queue is empty; allowed: any other text, or unnamed()");
    }
    return new Builder<>(name, RateLimiters.itemDefault(), Ordering.FIFO, null, false);
  }

  /** A queue without a name, which has no metrics. */
  public static Builder<Object> unnamed() {
    return new Builder<>("", RateLimiters.itemDefault(), Ordering.FIFO, null, false);
  }

  /**
   * Which order a queue gets.
   *
   * @param nanosPerLevel waiting that is worth a level of priority; 0 for an order by time alone
   * @param custom makes another order; null for one of ours
   */
  private record Ordering<T>(
      long nanosPerLevel, @Nullable Supplier<? extends KeyOrder<? super T>> custom) {

    private static final Ordering<Object> FIFO = new Ordering<>(0, null);

    private boolean needsTime() {
      return nanosPerLevel > 0;
    }

    private <K extends T> RoundOrder<K> create() {
      if (custom != null) {
        return new RoundOrder.Custom<>(custom.get());
      }
      return nanosPerLevel > 0 ? new RoundOrder.Ageing<>(nanosPerLevel) : new RoundOrder.Fifo<>();
    }
  }

  /**
   * The settings of a queue. Each call returns a builder with that setting changed. Immutable.
   *
   * @param <T> what the rate limiter takes; keys of the queue are of this type
   */
  public static final class Builder<T> {

    private final String name;
    private final RateLimiter<? super T> limiter;
    private final Ordering<? super T> ordering;
    private final @Nullable MeterRegistry meters;
    private final boolean sharesName;

    private Builder(
        String name,
        RateLimiter<? super T> limiter,
        Ordering<? super T> ordering,
        @Nullable MeterRegistry meters,
        boolean sharesName) {
      this.name = name;
      this.limiter = limiter;
      this.ordering = ordering;
      this.meters = meters;
      this.sharesName = sharesName;
    }

    /**
     * How long failed keys wait. A limiter with state of its own belongs to one queue. The default
     * is {@link RateLimiters#itemDefault()}.
     */
    public <U extends T> Builder<U> limiter(RateLimiter<? super U> newLimiter) {
      return new Builder<>(name, newLimiter, ordering, meters, sharesName);
    }

    /**
     * Hands out keys of higher priority first, with an ageing interval of {@link
     * #DEFAULT_AGEING_INTERVAL}. The default is first come, first served.
     */
    public Builder<T> prioritized() {
      return prioritized(DEFAULT_AGEING_INTERVAL);
    }

    /**
     * Hands out keys of higher priority first, and within one priority those first that became
     * ready first.
     *
     * <p>A waiting key gains {@link #AGEING_STEP} levels on all that come after it in each ageing
     * interval, evenly. So a key is overtaken for a bounded time only, whatever the load: one of
     * priority -100 goes before every key of priority 0 that becomes ready more than ten intervals
     * after it.
     *
     * @param ageingInterval 1 microsecond to {@link #LONGEST_AGEING_INTERVAL}
     */
    public Builder<T> prioritized(Duration ageingInterval) {
      if (ageingInterval.compareTo(Duration.ofNanos(1000)) < 0
          || ageingInterval.compareTo(LONGEST_AGEING_INTERVAL) > 0) {
        throw new IllegalArgumentException(
            "the ageing interval of a work queue is %s, allowed: PT0.000001S to %s"
                .formatted(ageingInterval, LONGEST_AGEING_INTERVAL));
      }
      return new Builder<>(
          name,
          limiter,
          new Ordering<T>(ageingInterval.toNanos() / AGEING_STEP, null),
          meters,
          sharesName);
    }

    /**
     * Hands out keys in an order of the caller's.
     *
     * @param orders gives each queue its own
     */
    public <U extends T> Builder<U> order(Supplier<? extends KeyOrder<? super U>> orders) {
      return new Builder<>(name, limiter, new Ordering<U>(0, orders), meters, sharesName);
    }

    /**
     * Where the queue registers its meters, by default nowhere. They exist from {@link #create} on
     * and are removed when the queue is shut down and has nothing left, or its drain has timed out.
     */
    public Builder<T> meters(MeterRegistry registry) {
      return new Builder<>(name, limiter, ordering, registry, sharesName);
    }

    /**
     * The queue has its name in common with others on purpose, so that nobody is warned when a
     * second one of the name opens while this is said of it. They share one set of metrics either
     * way.
     */
    public Builder<T> sharingName() {
      return new Builder<>(name, limiter, ordering, meters, true);
    }

    /**
     * Makes the queue.
     *
     * @param environment clock for delays and metrics, timers for delays
     */
    public <K extends T> WorkQueue<K> create(Environment environment) {
      MeterRegistry registry = name.isEmpty() ? null : meters;
      DefaultWorkQueue<K> queue =
          new DefaultWorkQueue<>(
              environment,
              name,
              limiter,
              ordering.create(),
              registry != null || ordering.needsTime());
      if (registry != null) {
        queue.meterBy(NamedQueueMeters.join(registry, name, queue, sharesName));
      }
      return queue;
    }
  }
}
