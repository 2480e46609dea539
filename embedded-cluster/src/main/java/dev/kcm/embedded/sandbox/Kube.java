package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A small client of the API server. Thread-safe. */
final class Kube {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final URI server;
  private final String token;

  Kube(URI server, SSLContext credentials) {
    this(server, credentials, "");
  }

  /**
   * A client with a token.
   *
   * @param token sent with each request to the API server; empty for none
   */
  Kube(URI server, SSLContext credentials, String token) {
    this.server = server;
    this.token = token;
    this.http = HttpClient.newBuilder().sslContext(credentials).connectTimeout(TIMEOUT).build();
  }

  /** The answer of the server: status code and body. */
  record Answer(int code, JsonNode body) {

    /** The body of a success; a failure becomes an exception with the server's message. */
    JsonNode ok() throws IOException {
      if (code / 100 != 2) {
        throw new IOException("the API server answered %d: %s".formatted(code, message()));
      }
      return body;
    }

    String message() {
      return body.path("message").asText();
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "", null);
  }

  Answer create(String path, JsonNode object) throws IOException, InterruptedException {
    return send("POST", path, "application/json", object);
  }

  Answer replace(String path, JsonNode object) throws IOException, InterruptedException {
    return send("PUT", path, "application/json", object);
  }

  Answer merge(String path, JsonNode patch) throws IOException, InterruptedException {
    return send("PATCH", path, "application/merge-patch+json", patch);
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, "", null);
  }

  private Answer send(String method, String path, String type, @Nullable JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(TIMEOUT)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }

  /** The frames of a watch, one a line, until the server ends it. The stream must be closed. */
  Stream<String> watch(String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(server.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofLines())
        .body();
  }

  /** Reads any HTTPS address as text, with the same credentials. */
  HttpResponse<String> read(URI address) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(3)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
