package dev.kcm.controllers.shared.pki;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate begins and ends to hold.
 *
 * @param notBefore its first moment
 * @param notAfter its last moment
 */
public record Validity(Instant notBefore, Instant notAfter) {

  /** Shortest life of a certificate somebody may ask for. */
  public static final Duration SHORTEST = Duration.ofMinutes(10);

  /**
   * How the two follow from a life time.
   *
   * @param backdate how far before now a certificate begins, for clocks that are late; zero or more
   * @param full below this life time a certificate is not shortened at its end by the backdate
   */
  public record Rule(Duration backdate, Duration full) {

    /** Five minutes of backdate; lives of less than eight hours are given in full. */
    public static final Rule SIGNERS = new Rule(Duration.ofMinutes(5), Duration.ofHours(8));

    /**
     * The validity of a certificate issued now.
     *
     * @param lifetime how long it should hold
     * @param authorityEnd when the authority's own certificate ends; nothing holds longer
     * @throws PkiException when the authority's certificate has ended
     */
    public Validity of(Instant now, Duration lifetime, Instant authorityEnd) throws PkiException {
      Instant begin = now.minus(backdate);
      Instant end = (lifetime.compareTo(full) < 0 ? now : begin).plus(lifetime);
      if (!begin.isBefore(authorityEnd)) {
        throw new PkiException("the signer has expired: NotAfter=" + authorityEnd);
      }
      if (!now.isBefore(authorityEnd)) {
        throw new PkiException(
            "refusing to sign a certificate that expired in the past: NotAfter=" + authorityEnd);
      }
      return new Validity(begin, end.isBefore(authorityEnd) ? end : authorityEnd);
    }
  }
}
