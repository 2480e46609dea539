package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.io.OutputStream;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * A certificate with its key, which issues certificates. The same order gives the same certificate,
 * but for the signature of an elliptic-curve key.
 *
 * <p>Immutable. Thread-safe: each signature has a signer of its own.
 */
public final class CertificateAuthority {

  private static final int FIRST_GENERALIZED_YEAR = 2050;
  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int PEM_LINE = 64;
  private static final byte[] NEW_LINE = {'\n'};

  private final X509CertificateHolder certificate;
  private final PrivateKey key;
  private final String algorithm;

  private CertificateAuthority(X509CertificateHolder certificate, PrivateKey key, String name) {
    this.certificate = certificate;
    this.key = key;
    this.algorithm = name;
  }

  /**
   * An authority.
   *
   * @throws PkiException when the key cannot sign or is not the certificate's
   */
  static CertificateAuthority of(X509CertificateHolder certificate, PrivateKey key)
      throws PkiException {
    CertificateAuthority authority =
        new CertificateAuthority(certificate, key, signatureAlgorithm(key));
    if (!authority.keyMatches()) {
      throw new PkiException("the private key does not belong to the certificate");
    }
    return authority;
  }

  private static String signatureAlgorithm(PrivateKey key) throws PkiException {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC", "ECDSA" -> ecAlgorithm(((ECKey) key).getParams().getOrder().bitLength());
      case "Ed25519", "EdDSA" -> "Ed25519";
      default ->
          throw new PkiException(
              "a key of type " + key.getAlgorithm() + ", allowed: RSA, EC, Ed25519");
    };
  }

  private static String ecAlgorithm(int bits) {
    if (bits <= 256) {
      return "SHA256withECDSA";
    }
    return bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
  }

  private boolean keyMatches() {
    byte[] probe = {1, 2, 3};
    try {
      ContentSigner signer = signer();
      write(probe, signer.getOutputStream());
      ContentVerifier verifier =
          new JcaContentVerifierProviderBuilder()
              .build(EncodedKeys.decode(certificate.getSubjectPublicKeyInfo()))
              .get(signer.getAlgorithmIdentifier());
      write(probe, verifier.getOutputStream());
      return verifier.verify(signer.getSignature());
    } catch (PkiException | OperatorCreationException | IOException | RuntimeException e) {
      return false;
    }
  }

  private static void write(byte[] probe, OutputStream to) throws IOException {
    try (to) {
      to.write(probe);
    }
  }

  private ContentSigner signer() throws OperatorCreationException {
    return new JcaContentSignerBuilder(algorithm).build(key);
  }

  /** When its own certificate ends. */
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /**
   * Issues a certificate.
   *
   * @return one block of PEM
   * @throws PkiException when the request is not signed with its own key, or something in it cannot
   *     be written
   */
  public String issue(CertificateOrder order) throws PkiException {
    order.request().verify();
    X500Name subject = SubjectName.of(order.request());
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            certificate.getSubject(),
            order.serial(),
            time(order.validity().notBefore()),
            time(order.validity().notAfter()),
            subject,
            order.request().publicKey());
    try {
      addUsages(builder, order.usages());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      addAuthorityKey(builder);
      addNames(builder, order.request().alternativeNames(), subject.getRDNs().length == 0);
      return pem(builder.build(signer()).getEncoded());
    } catch (IOException | OperatorCreationException | RuntimeException e) {
      throw new PkiException("unable to sign certificate: " + e.getMessage(), e);
    }
  }

  private static void addUsages(X509v3CertificateBuilder builder, CertificateUsages usages)
      throws IOException {
    if (usages.keyUsage() != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usages.keyUsage()));
    }
    if (!usages.purposes().isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(usages.purposes().toArray(KeyPurposeId[]::new)));
    }
  }

  private void addAuthorityKey(X509v3CertificateBuilder builder) throws IOException {
    SubjectKeyIdentifier own = SubjectKeyIdentifier.fromExtensions(certificate.getExtensions());
    if (own != null) {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new AuthorityKeyIdentifier(own.getKeyIdentifier()));
    }
  }

  private static void addNames(
      X509v3CertificateBuilder builder, List<GeneralName> names, boolean subjectIsEmpty)
      throws IOException {
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          subjectIsEmpty,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
  }

  /** Two digits of the year until 2049, four from 2050 on, as X.509 wants it. */
  private static Time time(Instant instant) {
    boolean generalized = instant.atOffset(ZoneOffset.UTC).getYear() >= FIRST_GENERALIZED_YEAR;
    return generalized
        ? new Time(new DERGeneralizedTime(GENERALIZED.format(instant)))
        : new Time(new DERUTCTime(UTC.format(instant)));
  }

  private static String pem(byte[] der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(PEM_LINE, NEW_LINE).encodeToString(der)
        + "\n-----END CERTIFICATE-----\n";
  }
}
