package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Objects as the demo sends them.
 *
 * <p>Immutable.
 */
final class Trees {

  private Trees() {}

  /** JSON with single quotes, which read better here. */
  static ObjectNode of(String json) {
    try {
      return (ObjectNode) Kube.JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }
}
