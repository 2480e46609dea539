package dev.kcm.core.time;

import java.time.Instant;

/**
 * The time of day, for timestamps in API objects. Thread-safe. It may jump in both directions, so
 * no duration is ever measured with it.
 */
@FunctionalInterface
public interface WallClock {

  /** The current time of day. */
  Instant now();
}
