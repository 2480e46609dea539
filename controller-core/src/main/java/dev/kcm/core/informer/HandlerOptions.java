package dev.kcm.core.informer;

import java.time.Duration;

/**
 * What a handler wants beyond the usual.
 *
 * @param resync how often the handler hears of every object again, as an update in which both
 *     states are the same; zero for the informer's own period. At least a second. An informer
 *     without resync ignores it, and what is asked of a running informer, and was not {@linkplain
 *     Informer#expectResync announced}, is raised to the period it already checks at. A resync
 *     replays the local copy; it never asks the server
 * @param softLimit above this many waiting notifications, those of one object are merged: updates
 *     into one, an update into the add or delete it follows or precedes. Adds and deletes are never
 *     lost. {@link Integer#MAX_VALUE} switches merging off
 * @param hardLimit at this many waiting notifications, {@code overflow} says what happens. {@link
 *     Integer#MAX_VALUE}, the default, means never; otherwise not below the soft limit, unless
 *     merging is off
 * @param overflow what happens at the hard limit
 * @param recreatedIsUpdate whether an object that was deleted and created again unseen is reported
 *     as one update, instead of a delete and an add
 */
public record HandlerOptions(
    Duration resync, int softLimit, int hardLimit, Overflow overflow, boolean recreatedIsUpdate) {

  /** What happens when a handler's line is too long. */
  public enum Overflow {
    /**
     * An object whose add still waits when it is deleted is not told of at all; neither is its
     * deletion. A handler that counts creations must not choose this.
     */
    COLLAPSE,
    /**
     * The informer takes nothing more from the server, for any of its handlers, until the line is
     * half as long; {@link Informer#state} says {@code STALLED} and names the handler. The list of
     * what is there at first is told in full, however long it is.
     */
    STALL
  }

  /** Notifications that wait before they are merged: 10 000. */
  public static final int DEFAULT_SOFT_LIMIT = 10_000;

  /** The informer's resync, merging above {@link #DEFAULT_SOFT_LIMIT}, delete and add. */
  public static final HandlerOptions DEFAULTS =
      new HandlerOptions(
          Duration.ZERO, DEFAULT_SOFT_LIMIT, Integer.MAX_VALUE, Overflow.COLLAPSE, false);

  /** Checks the ranges. */
  public HandlerOptions {
    boolean merges = softLimit < Integer.MAX_VALUE;
    if (resync.isNegative() || softLimit < 1 || hardLimit < 1) {
      throw new IllegalArgumentException(
          String.format(
              "resync is %s, softLimit is %d and hardLimit is %d,"
                  + " allowed: zero or more, and 1 or more",
              resync, softLimit, hardLimit));
    }
    if (merges && hardLimit < softLimit) {
      throw new IllegalArgumentException(
          "hardLimit is " + hardLimit + ", allowed: the softLimit " + softLimit + " or more");
    }
  }

  /** The same with another resync period. */
  public HandlerOptions withResync(Duration period) {
    return new HandlerOptions(period, softLimit, hardLimit, overflow, recreatedIsUpdate);
  }

  /** The same with another soft limit. */
  public HandlerOptions withSoftLimit(int limit) {
    return new HandlerOptions(resync, limit, hardLimit, overflow, recreatedIsUpdate);
  }

  /** The same, without merging. */
  public HandlerOptions lossless() {
    return withSoftLimit(Integer.MAX_VALUE);
  }

  /** The same with a hard limit. */
  public HandlerOptions withHardLimit(int limit, Overflow policy) {
    return new HandlerOptions(resync, softLimit, limit, policy, recreatedIsUpdate);
  }

  /** The same, with one update for an object that was deleted and created again unseen. */
  public HandlerOptions withRecreatedAsUpdate() {
    return new HandlerOptions(resync, softLimit, hardLimit, overflow, true);
  }
}
