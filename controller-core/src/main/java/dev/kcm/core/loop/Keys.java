package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.run.Expectations;
import java.time.Duration;

/** What an {@link EventMapper} may do: put keys into the loop's queue, and note arrivals. */
public interface Keys {

  /** Puts a key into the queue. */
  void enqueue(ObjectKey key);

  /** Puts a key into the queue after a delay. */
  void enqueueAfter(ObjectKey key, Duration delay);

  /** The loop's expectations. */
  Expectations expectations();
}
