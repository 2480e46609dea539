package dev.kcm.core.lease;

import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.time.Instant;

/**
 * When a write of the lease that succeeded was sent, on both clocks.
 *
 * @param nanos monotonic
 * @param wall wall clock
 */
record Renewal(long nanos, Instant wall) {

  static Renewal now(Environment environment) {
    return new Renewal(environment.ticker().nanos(), environment.wallClock().now());
  }

  Duration age(Environment environment) {
    return environment.ticker().since(nanos);
  }

  /**
   * How far the clocks have moved apart since: the wall clock was set, or the machine was suspended
   * while its monotonic clock stood still.
   */
  Duration divergence(Environment environment) {
    Duration byWall = Duration.between(wall, environment.wallClock().now());
    return byWall.minus(age(environment)).abs();
  }
}
