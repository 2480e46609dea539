package dev.kcm.core.plan;

import dev.kcm.core.object.ApiError;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a run ends, and when the key is looked at again. */
public sealed interface Verdict {

  /** All is well until the next event. Forgets earlier failures. */
  Verdict DONE = new Done();

  /** Look again after a delay. Forgets earlier failures. */
  static Verdict after(Duration delay) {
    return new After(delay, null);
  }

  /**
   * Look again after a delay, with another priority than this run had; only loops with priorities
   * heed it. Forgets earlier failures.
   *
   * @param priority -10 000 to 10 000; higher goes first, 0 is that of a change
   */
  static Verdict after(Duration delay, int priority) {
    return new After(delay, priority);
  }

  /**
   * Look again at a time of day. Forgets earlier failures.
   *
   * @param when a time that has passed means at once
   * @param now the time of day the decision was given
   */
  static Verdict at(Instant when, Instant now) {
    Duration delay = Duration.between(now, when);
    return after(delay.isNegative() ? Duration.ZERO : delay);
  }

  /** The run failed; try again with back-off. */
  static Verdict retry(String why) {
    return new Retry(why, null);
  }

  /** The run failed; try again with back-off, or when the server asked for it. */
  static Verdict retry(ApiError error) {
    return new Retry(error.message(), error.retryAfter());
  }

  /** The run failed and trying again cannot help; counted, logged, not retried. */
  static Verdict drop(String why) {
    return new Drop(why);
  }

  /** See {@link #DONE}. */
  record Done() implements Verdict {}

  /**
   * See {@link #after(Duration)} and {@link #after(Duration, int)}.
   *
   * @param delay zero or more
   * @param priority null for that of the run
   */
  record After(Duration delay, @Nullable Integer priority) implements Verdict {

    private static final int FARTHEST = 10_000;

    /**
     * Checks the priority.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public After {
      if (priority != null && Math.abs((long) priority) > FARTHEST) {
        throw new IllegalArgumentException(
            "the priority of a verdict is %d, allowed: -%d to %d"
                .formatted(priority, FARTHEST, FARTHEST));
      }
    }
  }

  /**
   * See {@link #retry(String)}.
   *
   * @param why the error text, as logged
   * @param retryAfter how long the server asked to wait, which then replaces the back-off; null
   *     when it did not ask
   */
  record Retry(String why, @Nullable Duration retryAfter) implements Verdict {}

  /**
   * See {@link #drop(String)}.
   *
   * @param why the error text, as logged
   */
  record Drop(String why) implements Verdict {}
}
