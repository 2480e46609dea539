package dev.kcm.controllers.node.nodelifecycle;

import java.time.Duration;

/**
 * Lets nodes of a zone through one by one, at a rate. It holds one passage at most.
 *
 * @param perSecond how many may pass in a second; 0 for none
 * @param opens when the next may pass, on the controller's monotonic clock
 */
record Turnstile(double perSecond, Duration opens) {

  private static final double NANOS = 1e9;

  /** One that is open. */
  static Turnstile open(double perSecond, Duration now) {
    return new Turnstile(perSecond, now);
  }

  boolean isOpen(Duration now) {
    return perSecond > 0 && opens.compareTo(now) <= 0;
  }

  /** After somebody has passed. */
  Turnstile passed(Duration now) {
    return new Turnstile(perSecond, now.plus(pause(perSecond)));
  }

  /** At another rate; who was waiting does not get through by the change alone. */
  Turnstile at(double rate, Duration now) {
    if (rate == perSecond) {
      return this;
    }
    Turnstile next = open(rate, now);
    return rate > 0 && !isOpen(now) ? next.passed(now) : next;
  }

  private static Duration pause(double rate) {
    return Duration.ofNanos(Math.round(Math.min(NANOS / rate, Long.MAX_VALUE / 4.0)));
  }
}
