package dev.kcm.daemon.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a serving certificate when no files are given. Names and validity are those of the
 * original: CN {@code localhost@<unix time>}, issuer {@code localhost-ca@<unix time>}.
 */
final class SelfSigned {

  private static final Duration BACKDATED = Duration.ofHours(1);
  private static final Duration VALIDITY = Duration.ofDays(365);

  private SelfSigned() {}

  static ServingCertificate issue(InetAddress bindAddress, Instant now, RandomGenerator random) {
    try {
      KeyPair authority = keyPair();
      KeyPair leaf = keyPair();
      X500Name issuer = new X500Name("CN=localhost-ca@" + now.getEpochSecond());
      X500Name subject = new X500Name("CN=localhost@" + now.getEpochSecond());
      X509Certificate ca = authority(issuer, authority, now, random);
      X509Certificate certificate =
          leaf(issuer, authority.getPrivate(), subject, leaf.getPublic(), bindAddress, now, random);
      return new ServingCertificate(List.of(certificate, ca), leaf.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("a self-signed certificate cannot be made", e);
    }
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static X509Certificate authority(
      X500Name name, KeyPair keys, Instant now, RandomGenerator random)
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    JcaX509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), now, random);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
    return sign(builder, keys.getPrivate());
  }

  private static X509Certificate leaf(
      X500Name issuer,
      PrivateKey issuerKey,
      X500Name subject,
      PublicKey key,
      InetAddress bindAddress,
      Instant now,
      RandomGenerator random)
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    JcaX509v3CertificateBuilder builder = builder(issuer, subject, key, now, random);
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.subjectAlternativeName, false, names(bindAddress));
    return sign(builder, issuerKey);
  }

  private static GeneralNames names(InetAddress bindAddress) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.dNSName, "localhost"));
    names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    if (!bindAddress.getHostAddress().equals("127.0.0.1")) {
      names.add(new GeneralName(GeneralName.iPAddress, bindAddress.getHostAddress()));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, RandomGenerator random) {
    Instant from = now.minus(BACKDATED);
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(random.nextLong(1, Long.MAX_VALUE)),
        Date.from(from),
        Date.from(from.plus(VALIDITY)),
        subject,
        key);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(key)));
  }
}
