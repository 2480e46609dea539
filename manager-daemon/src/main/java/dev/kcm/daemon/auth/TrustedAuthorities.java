package dev.kcm.daemon.auth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Authorities whose client certificates prove something.
 *
 * <p>Immutable.
 */
public final class TrustedAuthorities {

  /** No authority: no certificate proves anything. */
  public static final TrustedAuthorities NONE = new TrustedAuthorities(List.of());

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private final List<X509Certificate> certificates;
  private final Set<TrustAnchor> anchors;

  private TrustedAuthorities(List<X509Certificate> certificates) {
    this.certificates = List.copyOf(certificates);
    this.anchors =
        certificates.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Trusts the given authorities. */
  public static TrustedAuthorities of(List<X509Certificate> certificates) {
    return certificates.isEmpty() ? NONE : new TrustedAuthorities(certificates);
  }

  /** The authorities' own certificates. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  boolean isEmpty() {
    return anchors.isEmpty();
  }

  /**
   * Checks a client's certificate.
   *
   * @param chain leaf first
   * @param now when it must be valid
   * @throws GeneralSecurityException when the chain does not lead to one of the authorities, is not
   *     valid now, or is not for clients
   */
  void verify(List<X509Certificate> chain, Instant now) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(withoutAnchors(chain)),
            parameters);
    List<String> usages = chain.get(0).getExtendedKeyUsage();
    if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE)) {
      throw new GeneralSecurityException("the certificate is not for client authentication");
    }
  }

  /** A path ends before its anchor, but clients like to send the authority along. */
  private List<X509Certificate> withoutAnchors(List<X509Certificate> chain) {
    return chain.stream().filter(certificate -> !certificates.contains(certificate)).toList();
  }
}
