package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Moves the write-only plain text of a secret into its data.
 *
 * <p>Stateless.
 */
final class SecretText {

  private SecretText() {}

  static void encode(ObjectNode secret) {
    JsonNode plain = secret.remove("stringData");
    if (plain == null) {
      return;
    }
    ObjectNode data = Trees.child(secret, "data");
    Trees.texts(plain)
        .forEach(
            (key, text) ->
                data.put(
                    key,
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
  }
}
