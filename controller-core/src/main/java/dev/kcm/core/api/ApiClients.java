package dev.kcm.core.api;

import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.client.Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link ApiClient}s that talk HTTPS.
 *
 * <p>Address, TLS, proxy and credentials (certificates, tokens, exec plug-ins, OpenID) come from a
 * fabric8 {@link Config}. fabric8's request retry is off, whatever the Config says: a request is
 * sent once, with two exceptions. When the server answers 429 or 5xx with a {@code Retry-After}
 * header, the request is sent again after that time, at most ten times. When the connection of a
 * GET breaks before anything of the answer was passed on, it is sent again, at most ten times.
 *
 * <p>Immutable.
 */
public final class ApiClients {

  /** Requests per second a client may send: 20, as upstream's manager. Watches do not count. */
  public static final double DEFAULT_QPS = 20;

  /** Requests a client may send at once after a pause: 30, as upstream's manager. */
  public static final int DEFAULT_BURST = 30;

  /** How long a request may take: 60 seconds, the server's own limit. */
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(60);

  /** Requests under way at once: 50, half of the lowest common limit of streams. */
  public static final int DEFAULT_MAX_IN_FLIGHT = 50;

  private ApiClients() {}

  /** A client for the server and the credentials of a Config. */
  public static Builder builder(Config config) {
    return new Builder(config);
  }

  /**
   * A client for the current context of a kubeconfig file.
   *
   * @throws IllegalArgumentException when the file cannot be read
   */
  public static Builder fromKubeconfig(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("kubeconfig " + file + " does not exist or is unreadable");
    }
    return new Builder(Config.fromKubeconfig(new File(file.toString())));
  }

  /**
   * A client for a program that runs in a pod, or else for the user's own kubeconfig: whatever
   * fabric8 finds by itself.
   */
  public static Builder fromSurroundings() {
    return new Builder(Config.autoConfigure(null));
  }

  /**
   * What a client is made of.
   *
   * @param config where and who
   * @param userAgent User-Agent header
   * @param qps requests per second, zero or less for no limit
   * @param burst requests at once
   * @param requestTimeout zero for none
   * @param maxInFlight requests under way at once
   * @param keepManagedFields whether metadata.managedFields are read
   * @param fence asked before each write
   * @param warnings takes warnings of the server; null to log each text once
   * @param meters where meters go
   * @param environment clocks and threads
   */
  record Settings(
      Config config,
      String userAgent,
      double qps,
      int burst,
      Duration requestTimeout,
      int maxInFlight,
      boolean keepManagedFields,
      Fence fence,
      @Nullable Consumer<String> warnings,
      MeterRegistry meters,
      Environment environment) {}

  /** Collects what a client is made of. Confined to one thread; makes one client. */
  public static final class Builder {

    private final Config config;
    private @Nullable String userAgent;
    private double qps = DEFAULT_QPS;
    private int burst = DEFAULT_BURST;
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;
    private boolean keepManagedFields;
    private Fence fence = Fence.OPEN;
    private @Nullable Consumer<String> warnings;
    private @Nullable MeterRegistry meters;
    private Environment environment = Environment.system();
    private @Nullable ApiConnections connections;

    private Builder(Config config) {
      this.config = config;
    }

    /** The User-Agent header; by default what the Config says. */
    public Builder userAgent(String text) {
      userAgent = text;
      return this;
    }

    /**
     * How fast requests may be sent, in the order they were made. Opening a watch is not limited.
     *
     * @param requestsPerSecond negative for no limit; zero is refused by {@link #build()}
     * @param requestsAtOnce at least 1
     */
    public Builder rateLimit(double requestsPerSecond, int requestsAtOnce) {
      qps = requestsPerSecond;
      burst = requestsAtOnce;
      return this;
    }

    /** No rate limit. */
    public Builder unlimited() {
      return rateLimit(-1, 1);
    }

    /**
     * How long a request may take from leaving this process to the end of its answer; for a list,
     * how long it may go without a byte. Zero for no limit. A request that took longer fails as
     * {@code BROKEN} and the connection it used takes no more requests.
     */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    /** How many requests may be under way at once; watches do not count. At least 1. */
    public Builder maxInFlight(int count) {
      maxInFlight = count;
      return this;
    }

    /**
     * Reads {@code metadata.managedFields}, which are skipped otherwise: they can be half of an
     * object, and an update without them leaves them as they are on the server.
     */
    public Builder keepManagedFields() {
      keepManagedFields = true;
      return this;
    }

    /**
     * Goes over connections that other clients use, too, and that are not closed with this one.
     * They decide about address, TLS and proxy. By default a client has connections of its own.
     */
    public Builder over(ApiConnections shared) {
      connections = shared;
      return this;
    }

    /** Asked right before each write leaves the process. Open by default. */
    public Builder fence(Fence guard) {
      fence = guard;
      return this;
    }

    /**
     * Takes what the server says in {@code Warning} headers, as often as it says so, on a thread of
     * the client; must not block. Default: each text is logged once. Counted either way.
     */
    public Builder warnings(Consumer<String> taker) {
      warnings = taker;
      return this;
    }

    /** Where the {@code rest_client_*} meters go; nowhere by default. */
    public Builder meters(MeterRegistry registry) {
      meters = registry;
      return this;
    }

    /** Clocks, timers and threads; the system's by default. */
    public Builder environment(Environment given) {
      environment = given;
      return this;
    }

    /**
     * Makes the client; nothing is sent yet.
     *
     * @throws IllegalArgumentException when a setting is out of range
     */
    public ApiClient build() {
      List<String> problems = new ArrayList<>();
      require(
          problems,
          qps < 0 || qps > 0,
          "rateLimit: requestsPerSecond",
          qps,
          "not 0; negative for no limit");
      require(problems, burst >= 1, "rateLimit: requestsAtOnce", burst, "1 or more");
      require(problems, maxInFlight >= 1, "maxInFlight", maxInFlight, "1 or more");
      require(
          problems,
          !requestTimeout.isNegative(),
          "requestTimeout",
          requestTimeout,
          "zero (none) or more");
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", problems));
      }
      String agent = userAgent == null ? config.getUserAgent() : userAgent;
      MeterRegistry registry = meters == null ? new CompositeMeterRegistry() : meters;
      Settings settings =
          new Settings(
              config,
              agent == null ? "kcm" : agent,
              qps,
              burst,
              requestTimeout,
              maxInFlight,
              keepManagedFields,
              fence,
              warnings,
              registry,
              environment);
      return new KubeApiClient(
          settings, new Transport(config, settings.userAgent(), fence, environment, connections));
    }

    private static void require(
        List<String> problems, boolean holds, String setting, Object value, String allowed) {
      if (!holds) {
        problems.add(setting + " is " + value + ", allowed: " + allowed);
      }
    }
  }
}
