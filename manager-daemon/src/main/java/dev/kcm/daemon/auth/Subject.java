package dev.kcm.daemon.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * What the subject of a certificate says, in the order of the certificate.
 *
 * @param name the last common name, or empty
 * @param groups organizations
 * @param uid Kubernetes' own attribute for a UID, or empty
 */
record Subject(String name, List<String> groups, String uid) {

  /** Attribute type that Kubernetes registered for the UID of a user. */
  private static final ASN1ObjectIdentifier UID = new ASN1ObjectIdentifier("1.3.6.1.4.1.57683.2");

  private static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

  static Subject of(X509Certificate certificate) {
    String name = "";
    String uid = "";
    List<String> groups = new ArrayList<>();
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    for (RDN rdn : subject.getRDNs()) {
      for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
        String value = IETFUtils.valueToString(attribute.getValue());
        if (attribute.getType().equals(BCStyle.CN)) {
          name = unescaped(attribute, value);
        } else if (attribute.getType().equals(BCStyle.O)) {
          groups.add(unescaped(attribute, value));
        } else if (attribute.getType().equals(UID)) {
          uid = unescaped(attribute, value);
        }
      }
    }
    return new Subject(name, groups, uid);
  }

  /** The text itself; the library's text form escapes what is special in printed names. */
  private static String unescaped(AttributeTypeAndValue attribute, String printed) {
    return attribute.getValue() instanceof org.bouncycastle.asn1.ASN1String text
        ? text.getString()
        : printed;
  }

  /** The user a certificate with this subject stands for. */
  User user(X509Certificate certificate) {
    return new User(
        name, uid, groups, Map.of(CREDENTIAL_ID, List.of("X509SHA256=" + sha256(certificate))));
  }

  private static String sha256(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }
}
