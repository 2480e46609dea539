package dev.kcm.core.queue;

import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Makes work queues. */
public final class WorkQueues {

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
    return new Builder<>(name, RateLimiters.itemDefault(), null);
  }

  /** A queue without a name, which has no metrics. */
  public static Builder<Object> unnamed() {
    return new Builder<>("", RateLimiters.itemDefault(), null);
  }

  /**
   * The settings of a queue. Each call returns a builder with that setting changed. Immutable.
   *
   * @param <T> what the rate limiter takes; keys of the queue are of this type
   */
  public static final class Builder<T> {

    private final String name;
    private final RateLimiter<? super T> limiter;
    private final @Nullable MeterRegistry meters;

    private Builder(String name, RateLimiter<? super T> limiter, @Nullable MeterRegistry meters) {
      this.name = name;
      this.limiter = limiter;
      this.meters = meters;
    }

    /**
     * How long failed keys wait. A limiter with state of its own belongs to one queue. The default
     * is {@link RateLimiters#itemDefault()}.
     */
    public <U> Builder<U> limiter(RateLimiter<? super U> newLimiter) {
      return new Builder<>(name, newLimiter, meters);
    }

    /**
     * Where the queue registers its meters, by default nowhere. They exist from {@link #create} on
     * and are removed when the queue is shut down and has nothing left, or its drain has timed out.
     */
    public Builder<T> meters(MeterRegistry registry) {
      return new Builder<>(name, limiter, registry);
    }

    /**
     * Makes the queue.
     *
     * @param environment clock for delays and metrics, timers for delays
     */
    public <K extends T> WorkQueue<K> create(Environment environment) {
      DefaultWorkQueue<K> queue = new DefaultWorkQueue<>(environment, name, limiter);
      if (meters != null && !name.isEmpty()) {
        queue.meterBy(NamedQueueMeters.join(meters, name, queue));
      }
      return queue;
    }
  }
}
