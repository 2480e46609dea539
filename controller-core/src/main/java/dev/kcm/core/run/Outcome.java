package dev.kcm.core.run;

import dev.kcm.core.plan.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param verdict when to look at the key again
 * @param ending what led to the verdict
 * @param crash what was thrown; null unless {@link Ending#CRASHED} by an exception
 */
public record Outcome(Verdict verdict, Ending ending, @Nullable Throwable crash) {

  /** The verdict of the last plan. */
  public static Outcome decided(Verdict verdict) {
    return new Outcome(verdict, Ending.DECIDED, null);
  }

  /** Code threw, so the key is retried with back-off. */
  public static Outcome crashed(String where, Throwable thrown) {
    return new Outcome(Verdict.retry(where + " threw " + thrown), Ending.CRASHED, thrown);
  }

  /** What led to a verdict. */
  public enum Ending {
    /** The last plan said so. */
    DECIDED,
    /** An action was rejected and the plan had nothing to say about it. */
    REJECTED,
    /** Like {@link #REJECTED}, only because somebody else was faster; no cause for concern. */
    CONFLICTED,
    /** This process may not write at the moment, or the run was cancelled. */
    STOPPED,
    /** A function threw or broke the rules: a programming error. */
    CRASHED
  }
}
