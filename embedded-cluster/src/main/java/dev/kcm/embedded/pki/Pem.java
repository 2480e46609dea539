package dev.kcm.embedded.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** PEM text of certificates and keys. */
final class Pem {

  private Pem() {}

  static String of(X509Certificate certificate) {
    return text(certificate);
  }

  static String of(PublicKey key) {
    return text(key);
  }

  static String of(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? text(sec1(key)) : text(key);
  }

  /** A key in SEC 1 form with the name of its curve, which many readers need. */
  private static PemObject sec1(PrivateKey key) {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    try {
      ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
      ECPrivateKey named =
          new ECPrivateKey(
              KeyType.EC_BITS, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters());
      return new PemObject("EC PRIVATE KEY", named.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /**
   * The first certificate of a PEM text.
   *
   * @throws IOException when the text does not hold one
   */
  static X509Certificate certificate(String pem) throws IOException {
    if (parse(pem) instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (CertificateException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    throw new IOException("no PEM block CERTIFICATE found");
  }

  /**
   * The private key of a PEM text, unencrypted, in PKCS #1, SEC 1 or PKCS #8 form.
   *
   * @throws IOException when the text does not hold one
   */
  static PrivateKey privateKey(String pem) throws IOException {
    Object parsed = parse(pem);
    if (parsed instanceof PEMKeyPair pair) {
      return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
    }
    if (parsed instanceof PrivateKeyInfo key) {
      return new JcaPEMKeyConverter().getPrivateKey(key);
    }
    throw new IOException("no PEM block PRIVATE KEY found");
  }

  /**
   * Both halves of a private key in PKCS #1 or SEC 1 form.
   *
   * @throws IOException when the text does not hold one
   */
  static KeyPair keyPair(String pem) throws IOException {
    if (parse(pem) instanceof PEMKeyPair pair) {
      return new JcaPEMKeyConverter().getKeyPair(pair);
    }
    throw new IOException("no PEM block RSA PRIVATE KEY or EC PRIVATE KEY found");
  }

  private static Object parse(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      Object parsed = parser.readObject();
      return parsed == null ? "" : parsed;
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
