package dev.kcm.daemon.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

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
      return certificates(in, file.toString());
    }
  }

  /**
   * The certificates of a text.
   *
   * @param pem the text
   * @param source where it comes from, for errors
   * @throws IOException when it holds no certificate
   */
  public static List<X509Certificate> certificatesIn(String pem, String source) throws IOException {
    return certificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)), source);
  }

  private static List<X509Certificate> certificates(InputStream in, String source)
      throws IOException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException(source + " holds no certificate in PEM form");
      }
      return certificates;
    } catch (CertificateException e) {
      throw new IOException(source + " is not a certificate in PEM form", e);
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

  /**
   * Writes blocks of PEM to a file that appears whole or not at all.
   *
   * @param permissions as {@code ls} prints them
   */
  static void write(Path file, String permissions, List<?> blocks) throws IOException {
    Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
    Path draft =
        Files.createTempFile(
            directory,
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    try (JcaPEMWriter writer =
        new JcaPEMWriter(Files.newBufferedWriter(draft, StandardCharsets.US_ASCII))) {
      for (Object block : blocks) {
        writer.writeObject(block);
      }
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
