package dev.kcm.daemon.auth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Knows users by client certificate: the common name is the user, every organization a group.
 *
 * <p>Immutable.
 */
public final class ClientCertificates {

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private final Set<TrustAnchor> authorities;

  /** Trusts the given authorities; with none, no certificate proves anything. */
  public ClientCertificates(List<X509Certificate> authorities) {
    this.authorities =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether any authority is known. */
  public boolean hasAuthorities() {
    return !authorities.isEmpty();
  }

  /**
   * The user of a certificate chain.
   *
   * @param chain leaf first
   * @param now when it must be valid
   * @return empty when the certificate has no common name and so names nobody
   * @throws GeneralSecurityException when the chain does not lead to a known authority, is not
   *     valid now, or is not for clients
   */
  public Optional<User> userOf(List<X509Certificate> chain, Instant now)
      throws GeneralSecurityException {
    verify(chain, now);
    return nameAndGroups(chain.get(0));
  }

  private void verify(List<X509Certificate> chain, Instant now) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(authorities);
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
    return chain.stream()
        .filter(c -> authorities.stream().noneMatch(a -> c.equals(a.getTrustedCert())))
        .toList();
  }

  private static Optional<User> nameAndGroups(X509Certificate leaf) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          name = rdn.getValue().toString();
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(rdn.getValue().toString());
        }
      }
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
    if (name.isEmpty()) {
      return Optional.empty();
    }
    groups.add("system:authenticated");
    return Optional.of(new User(name, groups));
  }
}
