package dev.kcm.core.time;

import java.time.Duration;

/**
 * A monotonic clock.
 *
 * <p>Thread-safe. Never goes backwards, is not affected by changes of the wall clock, and may stand
 * still while the machine is suspended.
 */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds since an arbitrary origin; only differences mean anything. */
  long nanos();

  /** Time passed since an earlier reading of {@link #nanos()}. */
  default Duration since(long earlierNanos) {
    return Duration.ofNanos(nanos() - earlierNanos);
  }
}
