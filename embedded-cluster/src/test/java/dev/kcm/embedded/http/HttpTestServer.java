package dev.kcm.embedded.http;

import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/** A running server with clients of several users. */
final class HttpTestServer implements AutoCloseable {

  static final int WATCH_LIMIT = 100;

  final Pki pki = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1", "localhost"));
  final ScriptedBackend backend = new ScriptedBackend();
  final AtomicBoolean ready = new AtomicBoolean(true);
  private final ApiHttpServer server;

  /** A server over the scripted backend. */
  HttpTestServer() throws IOException {
    server = ApiHttpServer.builder(backend, pki).ready(ready::get).watchLimit(WATCH_LIMIT).start();
  }

  /** A server over real resources. */
  HttpTestServer(ApiServer resources) throws IOException {
    server = ApiHttpServer.builder(resources, pki).start();
  }

  URI uri(String pathAndQuery) {
    return URI.create(server.url() + pathAndQuery);
  }

  HttpClient admin(HttpClient.Version version) {
    return client(pki.clientContext(pki.admin()), version);
  }

  HttpClient user(String name, String... groups) {
    return client(pki.clientContext(pki.client(name, List.of(groups))), HttpClient.Version.HTTP_2);
  }

  HttpClient anonymous() {
    return client(pki.anonymousContext(), HttpClient.Version.HTTP_2);
  }

  static HttpClient client(SSLContext tls, HttpClient.Version version) {
    return HttpClient.newBuilder()
        .sslContext(tls)
        .version(version)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  HttpResponse<String> get(HttpClient client, String path, String... headers) throws Exception {
    return send(client, "GET", path, "", headers);
  }

  HttpResponse<String> send(
      HttpClient client, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
  }
}
