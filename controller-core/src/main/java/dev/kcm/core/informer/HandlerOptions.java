package dev.kcm.core.informer;

import java.time.Duration;

/**
 * What a handler wants beyond the usual.
 *
 * @param resync how often the handler hears of every object again, as an update in which both
 *     states are the same; zero for the informer's own period. At least a second. An informer
 *     without resync ignores it, and what is asked of a running informer is raised to the period it
 *     already checks at. A resync replays the local copy; it never asks the server
 * @param softLimit above this many waiting notifications, those of one object are merged: updates
 *     into one, an update into the add or delete it follows or precedes. Adds and deletes are never
 *     lost. {@link Integer#MAX_VALUE} switches merging off
 * @param recreatedIsUpdate whether an object that was deleted and created again unseen is reported
 *     as one update, instead of a delete and an add
 */
public record HandlerOptions(Duration resync, int softLimit, boolean recreatedIsUpdate) {

  /** Notifications that wait before they are merged: 10 000. */
  public static final int DEFAULT_SOFT_LIMIT = 10_000;

  /** The informer's resync, merging above {@link #DEFAULT_SOFT_LIMIT}, delete and add. */
  public static final HandlerOptions DEFAULTS =
      new HandlerOptions(Duration.ZERO, DEFAULT_SOFT_LIMIT, false);

  /** Checks the ranges. */
  public HandlerOptions {
    if (resync.isNegative() || softLimit < 1) {
      throw new IllegalArgumentException(
          "resync is "
              + resync
              + " and softLimit is "
              + softLimit
              + ", allowed: zero or more, and 1 or more");
    }
  }

  /** The same with another resync period. */
  public HandlerOptions withResync(Duration period) {
    return new HandlerOptions(period, softLimit, recreatedIsUpdate);
  }

  /** The same with another soft limit. */
  public HandlerOptions withSoftLimit(int limit) {
    return new HandlerOptions(resync, limit, recreatedIsUpdate);
  }

  /** The same, without merging. */
  public HandlerOptions lossless() {
    return withSoftLimit(Integer.MAX_VALUE);
  }

  /** The same, with one update for an object that was deleted and created again unseen. */
  public HandlerOptions withRecreatedAsUpdate() {
    return new HandlerOptions(resync, softLimit, true);
  }
}
