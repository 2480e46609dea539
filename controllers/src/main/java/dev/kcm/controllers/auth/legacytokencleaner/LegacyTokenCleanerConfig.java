package dev.kcm.controllers.auth.legacytokencleaner;

import java.time.Duration;

/**
 * Tunables of the cleaner of legacy tokens.
 *
 * @param period how long a token is not used before it is marked, and how long it is marked before
 *     it is deleted; more than zero
 */
public record LegacyTokenCleanerConfig(Duration period) {

  /** By default: 365 days. */
  public static final Duration DEFAULT_PERIOD = Duration.ofDays(365);

  /**
   * Checks the period.
   *
   * @throws IllegalArgumentException when it is out of range
   */
  public LegacyTokenCleanerConfig {
    if (period.isZero() || period.isNegative()) {
      throw new IllegalArgumentException(
          "legacy-service-account-token-clean-up-period is "
              + period
              + ", allowed: more than zero");
    }
  }

  /** As upstream runs without flags. */
  public static LegacyTokenCleanerConfig defaults() {
    return new LegacyTokenCleanerConfig(DEFAULT_PERIOD);
  }
}
