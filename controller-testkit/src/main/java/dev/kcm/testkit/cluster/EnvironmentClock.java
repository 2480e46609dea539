package dev.kcm.testkit.cluster;

import dev.kcm.core.time.Environment;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time of day of an environment, in the form the embedded cluster takes it.
 *
 * <p>Immutable.
 */
final class EnvironmentClock extends Clock {

  private final Environment environment;

  EnvironmentClock(Environment environment) {
    this.environment = environment;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return environment.wallClock().now();
  }
}
