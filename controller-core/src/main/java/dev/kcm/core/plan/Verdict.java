package dev.kcm.core.plan;

import java.time.Duration;

/** How a run ends, and when the key is looked at again. */
public sealed interface Verdict {

  /** All is well until the next event. Forgets earlier failures. */
  Verdict DONE = new Done();

  /** Look again after a delay. Forgets earlier failures. */
  static Verdict after(Duration delay) {
    return new After(delay);
  }

  /** The run failed; try again with back-off. */
  static Verdict retry(String why) {
    return new Retry(why);
  }

  /** The run failed and trying again cannot help; counted, logged, not retried. */
  static Verdict drop(String why) {
    return new Drop(why);
  }

  /** See {@link #DONE}. */
  record Done() implements Verdict {}

  /**
   * See {@link #after(Duration)}.
   *
   * @param delay zero or more
   */
  record After(Duration delay) implements Verdict {}

  /**
   * See {@link #retry(String)}.
   *
   * @param why the error text, as logged
   */
  record Retry(String why) implements Verdict {}

  /**
   * See {@link #drop(String)}.
   *
   * @param why the error text, as logged
   */
  record Drop(String why) implements Verdict {}
}
