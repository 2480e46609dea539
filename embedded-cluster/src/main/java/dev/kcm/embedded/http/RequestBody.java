package dev.kcm.embedded.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kcm.embedded.patch.PatchType;
import dev.kcm.embedded.resource.ProtobufBody;
import dev.kcm.embedded.resource.Statuses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decodes request bodies. Stateless.
 *
 * <p>An empty body decodes to null; what that means is up to the operation.
 */
final class RequestBody {

  private static final int SUMMARY_LENGTH = 30;
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private RequestBody() {}

  /** The media type of a header value, without parameters, in lower case. */
  static String mediaType(String header) {
    int semicolon = header.indexOf(';');
    String type = semicolon < 0 ? header : header.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Decodes an object.
   *
   * @param mediaType type of the body, empty for JSON
   * @param kind the kind that the operation wants, for messages
   */
  static @Nullable JsonNode object(byte[] body, String mediaType, String kind) {
    if (mediaType.equals(PROTOBUF)) {
      return body.length == 0 ? null : ProtobufBody.decode(body, kind);
    }
    boolean json = mediaType.isEmpty() || mediaType.equals("application/json");
    if (!json && !mediaType.equals("application/yaml")) {
      throw Statuses.unsupportedMediaType(
          "the body of the request was in an unknown format - accepted media types include:"
              + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }
    if (body.length == 0) {
      return null;
    }
    try {
      return (json ? JSON : YAML).readTree(body);
    } catch (IOException e) {
      throw Statuses.badRequest(
          "the object provided is unrecognized (must be of type %s): couldn't get version/kind; %s parse error: %s (%s)"
              .formatted(kind, json ? "json" : "yaml", reason(e), summary(body)));
    }
  }

  /**
   * Decodes a patch.
   *
   * @param mediaType type of the body, one of the patch formats
   */
  static @Nullable JsonNode patch(byte[] body, String mediaType) {
    PatchType type = PatchType.of(mediaType).orElseThrow(Statuses::unsupportedPatchType);
    if (body.length == 0) {
      return null;
    }
    try {
      return (type == PatchType.APPLY ? YAML : JSON).readTree(body);
    } catch (IOException e) {
      throw Statuses.badRequest("error decoding patch: " + reason(e));
    }
  }

  private static String reason(IOException e) {
    if (e instanceof JsonEOFException) {
      return "unexpected end of JSON input";
    }
    return e instanceof JsonProcessingException parsing
        ? parsing.getOriginalMessage()
        : e.getClass().getSimpleName();
  }

  /** The beginning of the body: as text when it looks like an object, else in hex. */
  private static String summary(byte[] body) {
    int length = Math.min(body.length, SUMMARY_LENGTH);
    String start =
        body[0] == '{'
            ? new String(body, 0, length, StandardCharsets.UTF_8)
            : HexFormat.of().formatHex(body, 0, length);
    return body.length > SUMMARY_LENGTH ? start + " ..." : start;
  }
}
