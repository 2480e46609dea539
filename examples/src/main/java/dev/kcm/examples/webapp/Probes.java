package dev.kcm.examples.webapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** Health and metrics over HTTP, for the kubelet and for Prometheus. */
final class Probes {

  private Probes() {}

  /**
   * Serves {@code /livez}, {@code /readyz} and {@code /metrics} until the process ends.
   *
   * @param port 0 for any free one
   * @param notLive why the process should be restarted; empty when it should not
   * @param notReady why controllers do not work; empty when they do
   * @param metrics what a scrape gets
   */
  static HttpServer serve(
      int port,
      Supplier<Optional<String>> notLive,
      Supplier<Optional<String>> notReady,
      Supplier<String> metrics)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/livez", exchange -> check(exchange, notLive.get()));
    server.createContext("/readyz", exchange -> check(exchange, notReady.get()));
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.get()));
    server.start();
    return server;
  }

  private static void check(HttpExchange exchange, Optional<String> problem) throws IOException {
    answer(exchange, problem.isEmpty() ? 200 : 503, problem.orElse("ok"));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
