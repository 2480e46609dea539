package dev.kcm.controllers.auth.bootstrapsigner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A valid token that may sign.
 *
 * <p>Immutable: the key bytes are its own.
 */
final class SigningToken {

  private static final Pattern NAME = Pattern.compile("bootstrap-token-([a-z0-9]{6})");
  private static final String USAGE = "usage-bootstrap-signing";
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String id;
  private final byte[] key;

  private SigningToken(String id, byte[] key) {
    this.id = id;
    this.key = key;
  }

  /** The token in a Secret; empty when it is malformed, expired, or not meant for signing. */
  static Optional<SigningToken> of(Secret secret, Instant now) {
    Matcher name = NAME.matcher(secret.getMetadata().getName());
    byte[] key = BootstrapTokens.bytes(secret, "token-secret");
    if (!name.matches()
        || key.length == 0
        || !BootstrapTokens.text(secret, "token-id").equals(name.group(1))
        || !BootstrapTokens.text(secret, USAGE).equals("true")
        || BootstrapTokens.isExpired(secret, now)) {
      return Optional.empty();
    }
    return Optional.of(new SigningToken(name.group(1), key));
  }

  String id() {
    return id;
  }

  /** A JSON Web Signature in compact form with the content left out (RFC 7515, appendix F). */
  String signature(String content) {
    String header = encoded("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}");
    return header + ".." + BASE64.encodeToString(mac(header + "." + encoded(content)));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no " + ALGORITHM, e);
    }
  }

  private static String encoded(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
