package dev.kcm.daemon.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Bodies and headers of answers, as the original sends them. */
public final class Answers {

  private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

  /** Clients whose users read the answer with their own eyes. */
  private static final List<String> PEOPLE = List.of("curl/", "Wget/", "Mozilla/");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Two spaces, no space before a colon, as Go prints. */
  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));

  private Answers() {}

  /** Sends plain text. */
  public static void text(HttpServerExchange exchange, int code, String text) {
    send(exchange, code, "text/plain; charset=utf-8", text);
  }

  /** Says that there is nothing at the path. */
  public static void notFound(HttpServerExchange exchange) {
    text(exchange, 404, "404 page not found\n");
  }

  /** Sends text of a given type. */
  public static void send(HttpServerExchange exchange, int code, String type, String text) {
    exchange.setStatusCode(code);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseHeaders().put(NOSNIFF, "nosniff");
    exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
  }

  /** Sends text with code 200, compressed if the client takes that. */
  public static void compressed(HttpServerExchange exchange, String type, String text) {
    String takes = exchange.getRequestHeaders().getFirst(Headers.ACCEPT_ENCODING);
    if (takes == null || !takes.contains("gzip")) {
      send(exchange, 200, type, text);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, "gzip");
    bytes(exchange, type, gzipped(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends bytes with code 200. */
  public static void bytes(HttpServerExchange exchange, String type, byte[] body) {
    exchange.setStatusCode(200);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseHeaders().put(NOSNIFF, "nosniff");
    exchange.getResponseSender().send(ByteBuffer.wrap(body));
  }

  private static byte[] gzipped(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to take bytes", e);
    }
    return out.toByteArray();
  }

  /**
   * Says that a user may not do what was asked.
   *
   * @param reason what the API server said of it, may be empty
   */
  static void forbidden(HttpServerExchange exchange, String user, String reason) {
    String message =
        "forbidden: User \"%s\" cannot %s path \"%s\""
            .formatted(
                escaped(user),
                exchange.getRequestMethod().toString().toLowerCase(Locale.ROOT),
                escaped(exchange.getRequestPath()));
    status(exchange, 403, "Forbidden", reason.isEmpty() ? message : message + ": " + reason);
  }

  /** Says that it could not be found out whether the request is allowed. */
  static void internalError(HttpServerExchange exchange, String error) {
    text(
        exchange,
        500,
        "Internal Server Error: \"%s\": %s\n".formatted(escaped(exchange.getRequestURI()), error));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Sends a Status object that says why a request was refused. */
  static void status(HttpServerExchange exchange, int code, String reason, String message) {
    ObjectNode status = JSON.createObjectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (code == 403) {
      status.putObject("details");
    }
    status.put("code", code);
    send(exchange, code, "application/json", json(status, forPeople(exchange)));
  }

  private static String json(ObjectNode node, boolean pretty) {
    try {
      return pretty
          ? JSON.writer(PRETTY).writeValueAsString(node)
          : JSON.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers cannot fail to print", e);
    }
  }

  private static boolean forPeople(HttpServerExchange exchange) {
    String agent = exchange.getRequestHeaders().getFirst(Headers.USER_AGENT);
    return exchange.getQueryParameters().containsKey("pretty")
        || (agent != null && PEOPLE.stream().anyMatch(agent::startsWith));
  }
}
