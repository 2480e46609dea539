package dev.kcm.controllers.shared.bootstraptokens;

import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Reads bootstrap token Secrets.
 *
 * <p>Immutable.
 */
public final class BootstrapTokens {

  /** Where they are. */
  public static final String NAMESPACE = "kube-system";

  /** Their type. */
  public static final String TYPE = "bootstrap.kubernetes.io/token";

  private static final String EXPIRATION = "expiration";

  private BootstrapTokens() {}

  /** Whether a Secret is of the type and in the namespace of bootstrap tokens. */
  public static boolean isToken(Secret secret) {
    return TYPE.equals(secret.getType()) && ObjectKey.of(secret).namespace().equals(NAMESPACE);
  }

  /** The bytes under a key; empty when the key is missing or does not hold base64. */
  public static byte[] bytes(Secret secret, String key) {
    Map<String, String> data = secret.getData();
    String encoded = data == null ? null : data.get(key);
    if (encoded == null) {
      return new byte[0];
    }
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  /** The text under a key; empty when the key is missing. */
  public static String text(Secret secret, String key) {
    return new String(bytes(secret, key), StandardCharsets.UTF_8);
  }

  /**
   * When a token ends; empty when it does not. A time that cannot be read is one long past: a token
   * nobody can tell the end of is not to be trusted.
   */
  public static Optional<Instant> expiration(Secret secret) {
    String text = text(secret, EXPIRATION);
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(Timestamps.parse(text).orElse(Instant.MIN));
  }

  /** Whether a token has ended. */
  public static boolean isExpired(Secret secret, Instant now) {
    return expiration(secret).filter(end -> !end.isAfter(now)).isPresent();
  }
}
