package dev.kcm.controllers.node.tainteviction;

import java.time.Duration;

/**
 * What is remembered of a pod: that it has to go, and when.
 *
 * @param uid incarnation of the pod; empty for none
 * @param due when, on the clock of {@code TaintEvictionSnapshot.uptime}
 * @param announced whether the deletion was announced, so that it is not announced once more when
 *     it has to be tried again
 */
record Countdown(String uid, Duration due, boolean announced) {

  static final Countdown NONE = new Countdown("", Duration.ZERO, false);

  boolean isRunning() {
    return !uid.isEmpty() && !announced;
  }

  Countdown whenAnnounced() {
    return new Countdown(uid, due, true);
  }
}
