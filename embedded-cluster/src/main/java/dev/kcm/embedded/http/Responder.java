package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.http.Representation.Format;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.UUID;

/** Writes whole answers with the headers that clients expect. Stateless. */
final class Responder {

  private static final int COMPRESSED_FROM = 128 * 1024;
  private static final int AUDIT_ID_LENGTH = 64;

  private static final HttpString AUDIT_ID = new HttpString("Audit-Id");
  private static final HttpString WARNING = new HttpString("Warning");
  private static final HttpString NO_SNIFF = new HttpString("X-Content-Type-Options");

  private Responder() {}

  /** Sets what every answer carries. */
  static void prepare(HttpServerExchange exchange) {
    String asked = exchange.getRequestHeaders().getFirst(AUDIT_ID);
    boolean usable = asked != null && asked.matches("[!-~]{1," + AUDIT_ID_LENGTH + "}");
    exchange
        .getResponseHeaders()
        .put(AUDIT_ID, usable ? asked : UUID.randomUUID().toString())
        .put(Headers.CACHE_CONTROL, "no-cache, private");
  }

  /** Adds one {@code Warning} header for each text. */
  static void warn(HttpServerExchange exchange, List<String> texts) {
    for (String text : texts) {
      String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "");
      exchange.getResponseHeaders().add(WARNING, "299 - \"" + quoted + "\"");
    }
  }

  /** Answers with a tree. */
  static void send(
      HttpServerExchange exchange, int code, JsonNode body, Format format, boolean pretty) {
    send(exchange, code, format.mediaType(), JsonText.write(body, format, pretty));
  }

  /** Answers with text that is not an API object. */
  static void sendText(HttpServerExchange exchange, int code, String text) {
    exchange.getResponseHeaders().put(NO_SNIFF, "nosniff");
    sendBytes(exchange, code, "text/plain; charset=utf-8", text.getBytes(UTF_8));
  }

  /** Answers without a body. */
  static void sendNothing(HttpServerExchange exchange, int code) {
    exchange.setStatusCode(code);
    exchange.endExchange();
  }

  static void sendBytes(HttpServerExchange exchange, int code, String type, byte[] body) {
    BodyBytes bytes = new BodyBytes();
    bytes.write(body, 0, body.length);
    send(exchange, code, type, bytes);
  }

  private static void send(HttpServerExchange exchange, int code, String type, BodyBytes body) {
    HeaderMap headers = exchange.getResponseHeaders();
    exchange.setStatusCode(code);
    headers.put(Headers.CONTENT_TYPE, type);
    BodyBytes sent = body;
    if (body.length() > COMPRESSED_FROM) {
      headers.add(Headers.VARY, "Accept-Encoding");
      if (takesGzip(exchange)) {
        headers.put(Headers.CONTENT_ENCODING, "gzip");
        sent = FastGzip.compress(body);
      }
    }
    exchange.setResponseContentLength(sent.length());
    exchange.getResponseSender().send(sent.buffers());
  }

  /** Whether the answer should be easy on the eye: asked for, or for a tool of people. */
  static boolean isPretty(HttpServerExchange exchange, String parameter) {
    if (!parameter.isEmpty()) {
      return parameter.equals("true") || parameter.equals("1");
    }
    String agent = exchange.getRequestHeaders().getFirst(Headers.USER_AGENT);
    return agent != null
        && (agent.startsWith("curl")
            || agent.startsWith("Wget")
            || agent.startsWith("Mozilla/5.0"));
  }

  private static boolean takesGzip(HttpServerExchange exchange) {
    String accepted = exchange.getRequestHeaders().getFirst(Headers.ACCEPT_ENCODING);
    return accepted != null
        && List.of(accepted.split(",")).stream()
            .map(String::strip)
            .anyMatch(coding -> coding.equals("gzip") || coding.startsWith("gzip;q=1"));
  }
}
