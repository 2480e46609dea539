package dev.kcm.daemon.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads certificates and private keys from PEM files. Errors name the file, never its content. */
public final class PemFiles {

  private PemFiles() {}

  /**
   * The certificates of a file, in file order.
   *
   * @throws IOException when the file cannot be read or holds no certificate
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException(file + " holds no certificate in PEM form");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new IOException(file + " is not a certificate in PEM form", e);
    }
  }

  /**
   * Checks that a file holds certificates.
   *
   * @throws IOException when the file cannot be read or holds no certificate
   */
  public static void requireCertificates(Path file) throws IOException {
    var unused = certificates(file);
  }

  /**
   * The private key of a file: PKCS #8, or PKCS #1 and SEC 1 as OpenSSL and cfssl write them.
   *
   * @throws IOException when the file cannot be read or holds no unencrypted private key
   */
  public static PrivateKey privateKey(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII);
        PEMParser parser = new PEMParser(in)) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      // EC keys may stand behind a block with the curve's parameters.
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        if (block instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (block instanceof PrivateKeyInfo key) {
          return converter.getPrivateKey(key);
        }
      }
    } catch (PEMException e) {
      throw new IOException(file + " is not a private key in PEM form", e);
    }
    throw new IOException(file + " holds no unencrypted private key in PEM form");
  }
}
