package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.pki.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * Tunables of the tokens of ServiceAccounts.
 *
 * @param concurrentSyncs Secrets, and accounts, worked on at a time, 1 or more
 * @param key signs tokens; null when the controller is to be skipped
 * @param certificates what pods are to trust the API server by, PEM; empty for none
 */
public record ServiceAccountTokenConfig(
    int concurrentSyncs, @Nullable SigningKey key, String certificates) {

  /** Secrets worked on at a time, by default. */
  public static final int DEFAULT_SYNCS = 5;

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException when it is out of range
   */
  public ServiceAccountTokenConfig {
    if (concurrentSyncs < 1) {
      throw new IllegalArgumentException(
          "concurrent-serviceaccount-token-syncs is " + concurrentSyncs + ", allowed: 1 or more");
    }
  }

  /** As upstream runs without flags: skipped. */
  public static ServiceAccountTokenConfig defaults() {
    return new ServiceAccountTokenConfig(DEFAULT_SYNCS, null, "");
  }
}
