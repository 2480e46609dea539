package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Checks certificate signing requests.
 *
 * <p>Stateless.
 */
final class SigningValidation {

  private static final int SHORTEST_SECONDS = 600;

  private SigningValidation() {}

  static void request(JsonNode request, JsonNode current, FieldErrors errors) {
    JsonNode spec = request.path("spec");
    String encoded = spec.path("request").asText("");
    String pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    if (!pem.contains("-----BEGIN CERTIFICATE REQUEST-----")
        && !pem.contains("-----BEGIN NEW CERTIFICATE REQUEST-----")) {
      errors.invalid(
          "spec.request", spec.path("request"), "PEM block type must be CERTIFICATE REQUEST");
    }
    if (spec.path("usages").isEmpty()) {
      errors.required("spec.usages", "");
    }
    signer(spec.path("signerName").asText(""), errors);
    JsonNode seconds = spec.path("expirationSeconds");
    if (seconds.isNumber() && seconds.asLong() < SHORTEST_SECONDS) {
      errors.invalid(
          "spec.expirationSeconds",
          seconds,
          "may not specify a duration less than 600 seconds (10 minutes)");
    }
  }

  private static void signer(String name, FieldErrors errors) {
    if (name.isEmpty()) {
      errors.required("spec.signerName", "");
    } else if (!name.matches("[^/]+\\.[^/]+/.+")) {
      errors.invalid(
          "spec.signerName",
          name,
          "must be a fully qualified domain and path of the form 'example.com/signer-name'");
    }
  }
}
