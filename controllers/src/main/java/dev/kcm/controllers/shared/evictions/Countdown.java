package dev.kcm.controllers.shared.evictions;

import java.time.Duration;

/**
 * What is remembered of a pod: that it has to go, and when.
 *
 * @param uid incarnation of the pod; empty for none
 * @param due when, on the controller's clock for countdowns
 * @param announced whether the deletion was announced, so that it is not announced once more when
 *     it has to be tried again
 */
public record Countdown(String uid, Duration due, boolean announced) {

  /** There is none. */
  public static final Countdown NONE = new Countdown("", Duration.ZERO, false);

  /** A countdown that has not ended yet. */
  public static Countdown of(String uid, Duration due) {
    return new Countdown(uid, due, false);
  }

  /** Whether there is one whose end was not announced yet. */
  public boolean isRunning() {
    return !uid.isEmpty() && !announced;
  }

  Countdown whenAnnounced() {
    return new Countdown(uid, due, true);
  }
}
