package dev.kcm.core.informer;

import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a reflector waits after a failure: 0.8 s doubling to 30 s, each up to twice as long by
 * chance, and from the start again once no wait was needed for two minutes. Success alone does not
 * start it over, so that an endpoint that comes and goes is not asked once a second.
 *
 * <p>Confined to the informer's mailbox.
 */
final class Backoff {

  static final Duration FIRST = Duration.ofMillis(800);
  static final Duration LONGEST = Duration.ofSeconds(30);
  static final Duration CALM = Duration.ofMinutes(2);

  private final Environment environment;
  private long base = FIRST.toNanos();
  private long lastEnd;

  Backoff(Environment environment) {
    this.environment = environment;
    this.lastEnd = environment.ticker().nanos();
  }

  /** The next wait, which begins now. */
  Duration next() {
    long now = environment.ticker().nanos();
    if (now - lastEnd > CALM.toNanos()) {
      base = FIRST.toNanos();
    }
    RandomGenerator random = environment.random();
    long wait = base + (long) (random.nextDouble() * base);
    base = Math.min(2 * base, LONGEST.toNanos());
    lastEnd = now + wait;
    return Duration.ofNanos(wait);
  }
}
