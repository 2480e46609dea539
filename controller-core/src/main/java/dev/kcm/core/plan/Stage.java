package dev.kcm.core.plan;

import java.util.List;

/**
 * Actions that belong together, and how they are run.
 *
 * @param order how
 * @param actions which
 */
public record Stage(Order order, List<Action> actions) {

  public Stage {
    actions = List.copyOf(actions);
  }

  /** One after another; the first rejection skips the rest of the stage. */
  public static Stage sequential(List<? extends Action> actions) {
    return new Stage(Order.SEQUENTIAL, List.copyOf(actions));
  }

  /** One after another, rejections or not. */
  public static Stage keepGoing(List<? extends Action> actions) {
    return new Stage(Order.KEEP_GOING, List.copyOf(actions));
  }

  /** All at once. */
  public static Stage parallel(List<? extends Action> actions) {
    return new Stage(Order.PARALLEL, List.copyOf(actions));
  }

  /**
   * In batches of 1, 2, 4, ...; all of a batch at once; the first batch with a rejection is the
   * last, the rest is skipped.
   */
  public static Stage slowStart(List<? extends Action> actions) {
    return new Stage(Order.SLOW_START, List.copyOf(actions));
  }

  /** How the actions of a stage are run. */
  public enum Order {
    /** As {@link Stage#sequential}. */
    SEQUENTIAL,
    /** As {@link Stage#keepGoing}. */
    KEEP_GOING,
    /** As {@link Stage#parallel}. */
    PARALLEL,
    /** As {@link Stage#slowStart}. */
    SLOW_START
  }
}
