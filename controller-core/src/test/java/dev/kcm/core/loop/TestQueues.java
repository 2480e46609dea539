package dev.kcm.core.loop;

import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.queue.WorkQueues;
import dev.kcm.core.time.Environment;
import java.time.Duration;

/** Queues whose back-off is easy to reckon with: 1, 2, 4, ... seconds. */
public final class TestQueues {

  private TestQueues() {}

  /** Makes queues of this kind. */
  public static QueueFactory factory(Environment environment) {
    return (name, limiter) ->
        WorkQueues.unnamed()
            .limiter(RateLimiters.exponential(Duration.ofSeconds(1), Duration.ofHours(1)))
            .create(environment);
  }
}
