package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import java.time.Duration;
import java.util.Map;

/**
 * Tunables of the signer of certificates.
 *
 * @param authorities with what each signer signs; one that is missing signs nothing
 * @param longest longest life of a certificate, and that of one for which none was asked; more than
 *     zero
 */
public record CsrSigningConfig(Map<Signer, AuthorityFiles> authorities, Duration longest) {

  /** Longest life of a certificate, by default: 365 days. */
  public static final Duration DEFAULT_LONGEST = Duration.ofDays(365);

  /**
   * Checks the duration.
   *
   * @throws IllegalArgumentException when it is out of range
   */
  public CsrSigningConfig {
    authorities = Map.copyOf(authorities);
    if (longest.isNegative() || longest.isZero()) {
      throw new IllegalArgumentException(
          "cluster-signing-duration is " + longest + ", allowed: more than zero");
    }
  }

  /** As upstream runs without flags: nothing is signed. */
  public static CsrSigningConfig defaults() {
    return new CsrSigningConfig(Map.of(), DEFAULT_LONGEST);
  }
}
