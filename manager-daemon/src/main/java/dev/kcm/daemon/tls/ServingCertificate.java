package dev.kcm.daemon.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * The certificate chain and key that the HTTPS port shows.
 *
 * @param chain leaf first
 * @param key private key of the leaf
 */
public record ServingCertificate(List<X509Certificate> chain, PrivateKey key) {

  public ServingCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads a pair of PEM files.
   *
   * @throws IOException when a file cannot be read, is not PEM, or the key is not the certificate's
   */
  public static ServingCertificate fromFiles(Path certificate, Path key) throws IOException {
    ServingCertificate pair =
        new ServingCertificate(PemFiles.certificates(certificate), PemFiles.privateKey(key));
    if (!pair.matches()) {
      throw new IOException("the private key " + key + " does not belong to " + certificate);
    }
    return pair;
  }

  /**
   * Makes a certificate for {@code localhost}, 127.0.0.1 and the bind address, valid for a year
   * from an hour ago, signed by a throw-away authority.
   */
  public static ServingCertificate selfSigned(
      InetAddress bindAddress, java.time.Instant now, RandomGenerator random) {
    return SelfSigned.issue(bindAddress, now, random);
  }

  /**
   * Writes the pair as PEM files; the key can be read by its owner only. Missing directories are
   * made.
   *
   * @throws IOException when a file cannot be written
   */
  public void write(Path certificateFile, Path keyFile) throws IOException {
    PemFiles.write(certificateFile, "rw-r--r--", chain);
    PemFiles.write(keyFile, "rw-------", List.of(key));
  }

  /** Key managers for an SSL context. */
  KeyManager[] keyManagers() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] password = {};
      store.setKeyEntry("serving", key, password, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the serving certificate cannot be used", e);
    }
  }

  private boolean matches() {
    PublicKey certified = chain.get(0).getPublicKey();
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] probe = {1, 2, 3};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certified);
      verifier.update(probe);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
