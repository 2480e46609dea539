package dev.kcm.embedded.ui;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kcm.embedded.resource.ApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page and the stream that it lives on, on {@code 127.0.0.1} only.
 *
 * <p>Thread-safe. Each request runs on a thread of its own; a stream holds its thread.
 */
public final class UiServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UiServer.class);

  private static final int KEY_BYTES = 16;
  private static final int MOST_VIEWERS = 32;
  private static final String BEARER = "Bearer ";

  private final HttpServer http;
  private final ExecutorService threads;
  private final ApiServer server;
  private final String key;
  private final List<String> hosts;
  private final Semaphore viewers = new Semaphore(MOST_VIEWERS);

  private UiServer(HttpServer http, ExecutorService threads, ApiServer server, String key) {
    this.http = http;
    this.threads = threads;
    this.server = server;
    this.key = key;
    this.hosts = List.of("127.0.0.1:" + port(), "localhost:" + port());
  }

  /**
   * Starts to serve.
   *
   * @param server what the page shows
   * @param port port to listen on, 0 for a free one
   * @throws IOException when it cannot listen there
   */
  public static UiServer start(ApiServer server, int port) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer http = HttpServer.create(new InetSocketAddress(loopback, port), 0);
    ExecutorService threads = threads();
    UiServer started = new UiServer(http, threads, server, newKey());
    http.setExecutor(threads);
    http.createContext("/", started::serve);
    http.start();
    return started;
  }

  private static ExecutorService threads() {
    AtomicInteger count = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "ui-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private static String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private int port() {
    return http.getAddress().getPort();
  }

  /** The address to open, with the key of the visitor in its fragment. */
  public URI url() {
    return URI.create("http://127.0.0.1:%d/ui/#%s".formatted(port(), key));
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (IOException e) {
      LOG.debug("A viewer has gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("The page could not be served", e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    Pages.secure(exchange.getResponseHeaders());
    String path = exchange.getRequestURI().getPath();
    if (!hosts.contains(String.valueOf(exchange.getRequestHeaders().getFirst("Host")))) {
      // Names of others that lead here are of pages that try to look in.
      Pages.text(exchange, 421, "This page answers to " + String.join(" and ", hosts) + " only.");
    } else if (!exchange.getRequestMethod().equals("GET")) {
      Pages.text(exchange, 405, "This page only shows.");
    } else if (path.equals("/ui/stream")) {
      stream(exchange);
    } else {
      Pages.page(exchange, path);
    }
  }

  private void stream(HttpExchange exchange) throws IOException, InterruptedException {
    if (!isKnown(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")))) {
      Pages.text(exchange, 401, "Open the address that the sandbox printed.");
    } else if (!viewers.tryAcquire()) {
      Pages.text(exchange, 503, MOST_VIEWERS + " viewers are looking already.");
    } else {
      try {
        ViewStream.run(server, exchange);
      } finally {
        viewers.release();
      }
    }
  }

  private boolean isKnown(String authorization) {
    return MessageDigest.isEqual(
        (BEARER + key).getBytes(StandardCharsets.UTF_8),
        authorization.getBytes(StandardCharsets.UTF_8));
  }

  /** Stops listening and ends all streams. Idempotent. */
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
