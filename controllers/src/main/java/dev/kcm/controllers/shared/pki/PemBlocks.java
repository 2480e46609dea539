package dev.kcm.controllers.shared.pki;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * What stands in a PEM file.
 *
 * <p>Immutable.
 */
final class PemBlocks {

  private PemBlocks() {}

  /** All blocks, as the library has them. */
  static List<Object> in(byte[] content) throws IOException {
    List<Object> blocks = new ArrayList<>();
    String text = new String(content, StandardCharsets.ISO_8859_1);
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  /** The first private key: PKCS #8, PKCS #1 or SEC 1, not encrypted. */
  static Optional<PrivateKeyInfo> privateKey(byte[] content) throws IOException {
    // EC keys may stand behind a block with the curve's parameters.
    for (Object block : in(content)) {
      if (block instanceof PEMKeyPair pair) {
        return Optional.of(pair.getPrivateKeyInfo());
      }
      if (block instanceof PrivateKeyInfo key) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
