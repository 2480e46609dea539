package dev.kcm.core.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kcm.core.time.Environment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what the kubelet and Prometheus ask: 200 when all is well, 503 with the reasons
 * otherwise. {@code ?verbose} lists every check.
 *
 * <p>Thread-safe: immutable but for the server it closes. Requests are answered by threads of the
 * environment, all of them daemons.
 */
public final class HealthServer implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int HIGHEST_PORT = 65_535;

  private static final Logger log = LoggerFactory.getLogger(HealthServer.class);

  private final HttpServer server;
  private final Map<String, Supplier<Optional<String>>> live;
  private final Map<String, Supplier<Optional<String>>> ready;
  private final List<Supplier<Map<String, Optional<String>>>> readyGroups;
  private final @Nullable Supplier<String> scrape;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HealthServer(HttpServer server, Builder builder) {
    this.server = server;
    this.live = Map.copyOf(builder.live);
    this.ready = Map.copyOf(builder.ready);
    this.readyGroups = List.copyOf(builder.readyGroups);
    this.scrape = builder.scrape;
  }

  /** Settings of a server. */
  public static Builder builder() {
    return new Builder();
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops listening and cuts open connections. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.stop(0);
    }
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      switch (path) {
        case "/healthz", "/livez" -> check(exchange, path, live, List.of());
        case "/readyz" -> check(exchange, path, ready, readyGroups);
        case "/metrics" -> metrics(exchange);
        default -> send(exchange, 404, TEXT, "there are /healthz, /livez, /readyz and /metrics\n");
      }
    } catch (IOException e) {
      log.debug("Whoever asked is gone", e);
    } catch (RuntimeException e) {
      log.error("A request to {} failed", exchange.getRequestURI(), e);
    }
  }

  private void check(
      HttpExchange exchange,
      String path,
      Map<String, Supplier<Optional<String>>> checks,
      List<Supplier<Map<String, Optional<String>>>> groups)
      throws IOException {
    Map<String, Optional<String>> results = new LinkedHashMap<>();
    checks.keySet().stream().sorted().forEach(name -> results.put(name, result(name, checks)));
    groups.forEach(group -> addAll(group, results));
    boolean well = results.values().stream().allMatch(Optional::isEmpty);
    boolean verbose = String.valueOf(exchange.getRequestURI().getQuery()).startsWith("verbose");
    StringBuilder text = new StringBuilder();
    if (!well || verbose) {
      results.forEach((name, problem) -> text.append(line(name, problem)));
      text.append(path.substring(1)).append(well ? " check passed\n" : " check failed\n");
    } else {
      text.append("ok");
    }
    send(exchange, well ? 200 : 503, TEXT, text.toString());
  }

  private static void addAll(
      Supplier<Map<String, Optional<String>>> group, Map<String, Optional<String>> results) {
    try {
      results.putAll(group.get());
    } catch (RuntimeException e) {
      log.warn("A group of checks failed to be made", e);
      results.put("checks", Optional.of(e.toString()));
    }
  }

  /** A check that throws has failed. */
  private static Optional<String> result(
      String name, Map<String, Supplier<Optional<String>>> checks) {
    try {
      Supplier<Optional<String>> check = checks.get(name);
      return check == null ? Optional.empty() : check.get();
    } catch (RuntimeException e) {
      log.warn("The check {} failed to be made", name, e);
      return Optional.of(e.toString());
    }
  }

  private static String line(String name, Optional<String> problem) {
    return problem
        .map(text -> "[-]" + name + " failed: " + text + "\n")
        .orElse("[+]" + name + " ok\n");
  }

  private void metrics(HttpExchange exchange) throws IOException {
    if (scrape == null) {
      send(exchange, 404, TEXT, "no metrics are kept\n");
    } else {
      send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", scrape.get());
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      exchange.sendResponseHeaders(405, -1);
      return;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (method.equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** Settings of a server. Single use, confined to one thread. */
  public static final class Builder {

    private final Map<String, Supplier<Optional<String>>> live = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new LinkedHashMap<>();
    private final List<Supplier<Map<String, Optional<String>>>> readyGroups = new ArrayList<>();
    private InetSocketAddress address = new InetSocketAddress(8080);
    private @Nullable Supplier<String> scrape;

    private Builder() {}

    /**
     * Port to listen on, on all addresses. Default 8080.
     *
     * @param number 0 for any free one, up to 65535
     */
    public Builder port(int number) {
      if (number < 0 || number > HIGHEST_PORT) {
        throw new IllegalArgumentException("port is " + number + ", allowed: 0 to 65535");
      }
      address = new InetSocketAddress(number);
      return this;
    }

    /** Address and port to listen on. */
    public Builder address(InetSocketAddress where) {
      address = where;
      return this;
    }

    /**
     * A check of {@code /healthz} and {@code /livez}: why the process should be restarted.
     *
     * @param problem empty when it should not; must not block
     */
    public Builder live(String name, Supplier<Optional<String>> problem) {
      return adding(live, "/livez", name, problem);
    }

    /**
     * A check of {@code /readyz}: why the process does not do its work.
     *
     * @param problem empty when it does; must not block
     */
    public Builder ready(String name, Supplier<Optional<String>> problem) {
      return adding(ready, "/readyz", name, problem);
    }

    /**
     * Checks of {@code /readyz} that come and go, for example one for each informer.
     *
     * @param problems by name of the check, empty for what is well; must not block
     */
    public Builder readyEach(Supplier<Map<String, Optional<String>>> problems) {
      readyGroups.add(problems);
      return this;
    }

    /** What {@code /metrics} answers, in Prometheus' text format. Default: 404. */
    public Builder metrics(Supplier<String> text) {
      scrape = text;
      return this;
    }

    private Builder adding(
        Map<String, Supplier<Optional<String>>> checks,
        String path,
        String name,
        Supplier<Optional<String>> problem) {
      if (name.isBlank() || checks.putIfAbsent(name, problem) != null) {
        throw new IllegalArgumentException(
            "the name of a check of %s is \"%s\", allowed: text that is not blank, each once"
                .formatted(path, name));
      }
      return this;
    }

    /**
     * A server that listens.
     *
     * @param environment whose threads answer
     * @throws IOException naming the address, when it cannot be bound
     */
    public HealthServer start(Environment environment) throws IOException {
      HttpServer http = bound();
      HealthServer server = new HealthServer(http, this);
      Executor executor = environment.executor("health-server");
      http.setExecutor(executor);
      http.createContext("/", server::answer);
      startOnADaemon(http, executor);
      return server;
    }

    private HttpServer bound() throws IOException {
      try {
        return HttpServer.create(address, 0);
      } catch (IOException e) {
        throw new IOException("health server: cannot listen on " + address, e);
      }
    }

    /** The thread that accepts connections is a daemon only when a daemon starts it. */
    private static void startOnADaemon(HttpServer http, Executor executor) {
      CompletableFuture<Void> started = new CompletableFuture<>();
      executor.execute(
          () -> {
            try {
              http.start();
              started.complete(null);
            } catch (RuntimeException e) {
              started.completeExceptionally(e);
            }
          });
      CompletionStage<Void> done = started;
      try {
        done.toCompletableFuture().join();
      } catch (CompletionException e) {
        http.stop(0);
        throw e;
      }
    }
  }
}
