package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.WorkQueue;
import org.jspecify.annotations.Nullable;

/** Makes the queue of a loop. */
@FunctionalInterface
public interface QueueFactory {

  /**
   * A new queue.
   *
   * @param name name for meters
   * @param limiter how failed keys wait; null for the default
   */
  WorkQueue<ObjectKey> create(String name, @Nullable RateLimiter<ObjectKey> limiter);
}
