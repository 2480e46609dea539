package dev.kcm.embedded.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs and checks JSON web tokens with one key: RS256 with an RSA key, ES256 with one of P-256.
 *
 * <p>Immutable.
 */
final class Jwt {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys;
  private final String header;
  private final String algorithm;

  Jwt(KeyPair keys) {
    this.keys = keys;
    boolean rsa = keys.getPublic().getAlgorithm().equals("RSA");
    algorithm = rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format";
    header =
        part(
            JSON.createObjectNode()
                .put("alg", rsa ? "RS256" : "ES256")
                .put("kid", keyId(keys.getPublic().getEncoded())));
  }

  /** The key id that upstream gives a key: the hash of its public half. */
  private static String keyId(byte[] publicKey) {
    try {
      return BASE64.encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM knows SHA-256", e);
    }
  }

  /** The token of these claims. */
  String sign(ObjectNode claims) {
    String signed = header + "." + part(claims);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot sign: " + e.getMessage(), e);
    }
  }

  /** The claims of a token of this key, whatever they say; empty for any other text. */
  Optional<JsonNode> verified(String token) {
    String[] parts = token.split("\\.", -1);
    // The format knows no padding, which this decoder would let pass.
    if (parts.length != 3 || token.indexOf('=') >= 0) {
      return Optional.empty();
    }
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initVerify(keys.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
      boolean genuine = signature.verify(Base64.getUrlDecoder().decode(parts[2]));
      return genuine ? claims(parts[1]) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> claims(String part) {
    try {
      return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(part)));
    } catch (IOException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static String part(JsonNode json) {
    try {
      return BASE64.encodeToString(JSON.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
