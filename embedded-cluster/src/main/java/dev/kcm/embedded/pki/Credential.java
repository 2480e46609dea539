package dev.kcm.embedded.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate with its private key.
 *
 * @param certificate the certificate
 * @param key the private key of the certificate's public key
 */
public record Credential(X509Certificate certificate, PrivateKey key) {

  /** The certificate as PEM text, {@code BEGIN CERTIFICATE}. */
  public String certificatePem() {
    return Pem.of(certificate);
  }

  /** The key as PEM text, {@code BEGIN RSA PRIVATE KEY} or {@code BEGIN EC PRIVATE KEY}. */
  public String keyPem() {
    return Pem.of(key);
  }

  /** Names the subject only: a key does not belong into a log. */
  @Override
  public String toString() {
    return "Credential[" + certificate.getSubjectX500Principal().getName() + "]";
  }
}
