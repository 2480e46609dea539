package dev.kcm.embedded.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list starts.
 *
 * @param revision the revision of all pages; negative to go on with the current state
 * @param start the first possible key, relative to the listed namespace
 */
record PageToken(long revision, String start) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String VERSION = "meta.k8s.io/v1";

  /** The token as clients carry it. */
  String encode() {
    String json =
        Trees.object().put("v", VERSION).put("rv", revision).put("start", "/" + start).toString();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a token, or refuses it. */
  static PageToken parse(String text) {
    JsonNode token = json(decode(text));
    if (!token.path("v").asText().equals(VERSION)) {
      throw invalid("server does not recognize this encoded version " + token.path("v"));
    }
    long revision = token.path("rv").asLong(0);
    if (revision == 0) {
      throw invalid("incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
    }
    String start = token.path("start").asText("");
    if (start.isEmpty()) {
      throw invalid("encoded start key empty (version meta.k8s.io/v1)");
    }
    return new PageToken(revision, start.startsWith("/") ? start.substring(1) : start);
  }

  private static byte[] decode(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid("illegal base64 data at input byte " + ScalarForms.badBase64(text));
    }
  }

  private static JsonNode json(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      JsonNode token = JSON.readTree(bytes);
      if (token.isObject()) {
        return token;
      }
      throw invalid("json: cannot unmarshal " + TypedCopy.kindOf(token) + " into Go value");
    } catch (JsonProcessingException e) {
      throw invalid(
          text.isEmpty()
              ? "unexpected end of JSON input"
              : "invalid character '" + text.charAt(0) + "' looking for beginning of value");
    } catch (IOException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static StatusException invalid(String why) {
    return Statuses.badRequest("invalid continue token: continue key is not valid: " + why);
  }
}
