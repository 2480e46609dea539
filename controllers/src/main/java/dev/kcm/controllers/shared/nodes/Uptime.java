package dev.kcm.controllers.shared.nodes;

import dev.kcm.core.time.Ticker;
import java.time.Duration;

/**
 * Monotonic time since a controller was wired. Decisions about waiting are made with it, so that a
 * clock that is set forward or back neither hastens nor delays them.
 *
 * <p>Thread-safe: the ticker is.
 */
public final class Uptime {

  private final Ticker ticker;
  private final long origin;

  private Uptime(Ticker ticker, long origin) {
    this.ticker = ticker;
    this.origin = origin;
  }

  /** Time from now on. */
  public static Uptime of(Ticker ticker) {
    return new Uptime(ticker, ticker.nanos());
  }

  /** How long it has been up. */
  public Duration now() {
    return ticker.since(origin);
  }

  /** The same in nanoseconds, for what is asked very often. */
  public long nanos() {
    return ticker.nanos() - origin;
  }
}
