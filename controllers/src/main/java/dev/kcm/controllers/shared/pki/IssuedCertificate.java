package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * What stands in a certificate that was issued.
 *
 * <p>Immutable.
 */
public final class IssuedCertificate {

  private IssuedCertificate() {}

  /**
   * When the certificate in the first block of PEM ends.
   *
   * @param certificate PEM in base64, as {@code status.certificate} has it
   * @return empty when there is no block of PEM, or no certificate in it
   */
  public static Optional<Instant> notAfter(String certificate) {
    try {
      byte[] pem = Base64.getMimeDecoder().decode(certificate);
      String text = new String(pem, StandardCharsets.ISO_8859_1);
      try (PemReader reader = new PemReader(new StringReader(text))) {
        PemObject block = reader.readPemObject();
        return block == null
            ? Optional.empty()
            : Optional.of(new X509CertificateHolder(block.getContent()).getNotAfter().toInstant());
      }
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }
}
