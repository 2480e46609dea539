package dev.kcm.embedded.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates. Immutable. */
final class CertificateAuthority {

  static final Duration CA_LIFETIME = Duration.ofDays(3650);
  static final Duration LEAF_LIFETIME = Duration.ofDays(365);

  /** Tolerates peers whose clocks run a little behind. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Credential credential;

  private CertificateAuthority(Credential credential) {
    this.credential = credential;
  }

  static CertificateAuthority of(Credential credential) {
    return new CertificateAuthority(credential);
  }

  /** A new self-signed authority. */
  static CertificateAuthority create(String commonName, KeyType type, Instant now) {
    KeyPair pair = type.generate();
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    try {
      X509v3CertificateBuilder builder =
          builder(name, name, now, CA_LIFETIME, pair.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.keyUsage,
                  true,
                  new KeyUsage(
                      KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return of(new Credential(sign(builder, pair.getPrivate()), pair.getPrivate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Credential credential() {
    return credential;
  }

  X509Certificate certificate() {
    return credential.certificate();
  }

  /** A new key pair with a certificate of this authority. */
  Credential issue(CertificateSpec spec, KeyType type, Instant now) {
    KeyPair pair = type.generate();
    X500Name issuer = X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
    try {
      X509v3CertificateBuilder builder =
          builder(issuer, subject(spec), now, LEAF_LIFETIME, pair.getPublic());
      addLeafExtensions(builder, spec);
      return new Credential(sign(builder, credential.key()), pair.getPrivate());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a certificate for " + spec.commonName(), e);
    }
  }

  private void addLeafExtensions(X509v3CertificateBuilder builder, CertificateSpec spec)
      throws IOException, GeneralSecurityException {
    List<KeyPurposeId> purposes = new ArrayList<>();
    if (spec.server()) {
      purposes.add(KeyPurposeId.id_kp_serverAuth);
    }
    if (spec.client()) {
      purposes.add(KeyPurposeId.id_kp_clientAuth);
    }
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(
            Extension.keyUsage,
            true,
            new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
        .addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(purposes.toArray(new KeyPurposeId[0])))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate()));
    if (!spec.serverNames().isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(alternativeNames(spec).toArray(new GeneralName[0])));
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Instant now, Duration lifetime, PublicKey key)
      throws IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, RANDOM).setBit(126),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(lifetime)),
            subject,
            key);
    try {
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime has no SHA-1 digest", e);
    }
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
    String algorithm = signatureAlgorithm(key);
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("Cannot sign with " + algorithm, e);
    }
  }

  /** The signature algorithm that fits a key. */
  static String signatureAlgorithm(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  /** The subject that certificates of a spec carry. */
  static X500Principal principal(CertificateSpec spec) {
    try {
      return new X500Principal(subject(spec).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X500Name subject(CertificateSpec spec) {
    X500NameBuilder name = new X500NameBuilder();
    spec.organizations().forEach(group -> name.addRDN(BCStyle.O, group));
    return name.addRDN(BCStyle.CN, spec.commonName()).build();
  }

  /** The names of a spec as certificates carry them. */
  static List<GeneralName> alternativeNames(CertificateSpec spec) {
    return spec.serverNames().stream().map(name -> new GeneralName(nameType(name), name)).toList();
  }

  private static int nameType(String name) {
    boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return address ? GeneralName.iPAddress : GeneralName.dNSName;
  }
}
