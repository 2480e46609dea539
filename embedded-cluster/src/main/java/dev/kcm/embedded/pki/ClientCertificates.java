package dev.kcm.embedded.pki;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Tells whom a client certificate identifies: the common name is the user, the organizations are
 * the groups.
 *
 * <p>Thread-safe: found identities are kept in a concurrent map, because a connection presents the
 * same certificate with each request.
 */
public final class ClientCertificates {

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int REMEMBERED = 256;

  private final Set<TrustAnchor> anchors;
  private final ConcurrentHashMap<X509Certificate, Identity> known = new ConcurrentHashMap<>();

  private ClientCertificates(X509Certificate ca) {
    this.anchors = Set.of(new TrustAnchor(ca, null));
  }

  /** Accepts certificates signed by the authority. */
  public static ClientCertificates signedBy(X509Certificate ca) {
    return new ClientCertificates(ca);
  }

  /**
   * Whom a certificate identifies.
   *
   * @param user common name, not empty
   * @param groups organizations in the order of the subject
   * @param fingerprint SHA-256 of the certificate in lower-case hex
   */
  public record Identity(String user, List<String> groups, String fingerprint) {

    public Identity {
      groups = List.copyOf(groups);
    }
  }

  /**
   * The identity behind a certificate, empty when the authority did not sign it, it is outside its
   * validity period, is not meant for clients, or names no user.
   */
  public Optional<Identity> identify(X509Certificate certificate, Instant now) {
    if (now.isBefore(certificate.getNotBefore().toInstant())
        || now.isAfter(certificate.getNotAfter().toInstant())) {
      return Optional.empty();
    }
    Identity remembered = known.get(certificate);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    Optional<Identity> found = verify(certificate, now);
    found.ifPresent(identity -> remember(certificate, identity));
    return found;
  }

  private void remember(X509Certificate certificate, Identity identity) {
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    known.put(certificate, identity);
  }

  private Optional<Identity> verify(X509Certificate certificate, Instant now) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      if (purposes == null || !purposes.contains(CLIENT_AUTH)) {
        return Optional.empty();
      }
      CertPath path =
          CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return identity(certificate);
    } catch (GeneralSecurityException | NamingException e) {
      return Optional.empty();
    }
  }

  private static Optional<Identity> identity(X509Certificate certificate)
      throws GeneralSecurityException, NamingException {
    List<String> users = attributes(certificate, "CN");
    if (users.isEmpty() || users.get(0).isEmpty()) {
      return Optional.empty();
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return Optional.of(
        new Identity(users.get(0), attributes(certificate, "O"), HexFormat.of().formatHex(digest)));
  }

  private static List<String> attributes(X509Certificate certificate, String type)
      throws NamingException {
    List<String> values = new ArrayList<>();
    for (Rdn rdn : subject(certificate).getRdns()) {
      Attribute attribute = rdn.toAttributes().get(type);
      for (int i = 0; attribute != null && i < attribute.size(); i++) {
        values.add(String.valueOf(attribute.get(i)));
      }
    }
    return values;
  }

  /** The name parser lists the parts of a subject in the order in which they are encoded. */
  private static LdapName subject(X509Certificate certificate) throws InvalidNameException {
    return new LdapName(certificate.getSubjectX500Principal().getName());
  }
}
