package dev.kcm.daemon.boot;

import dev.kcm.controllers.lifecycle.namespace.NamespaceController;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.api.ApiConnections;
import dev.kcm.core.api.Fence;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.accounts.ServiceAccounts;
import dev.kcm.daemon.options.ClientConfig;
import dev.kcm.daemon.options.ProductVersion;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Makes the clients of the process: one for each controller with its own rate limit, one for
 * informers, one for the election without any limit. Those of the controllers share connections;
 * informers and the election have their own, so that neither waits behind writes.
 *
 * <p>Thread-safe: settings do not change; {@code made} and {@code shared} take from any thread.
 */
final class ApiServers implements AutoCloseable {

  /** Upstream's numbers for reviews: requests per second, at once, and how long one may take. */
  private static final double DELEGATED_QPS = 200;

  private static final int DELEGATED_BURST = 400;
  private static final Duration DELEGATED_TIMEOUT = Duration.ofSeconds(10);

  /** How much more than others the controller may send that asks for every resource there is. */
  private static final int NAMESPACE_QPS = 20;

  private static final int NAMESPACE_BURST = 100;
  private static final int ACCOUNT_BURST = 200;

  private final Config config;
  private final ClientConfig settings;
  private final ProductVersion version;
  private final MeterRegistry meters;
  private final Environment environment;
  private final Queue<ApiClient> made = new ConcurrentLinkedQueue<>();
  private final Map<Purpose, ApiConnections> shared = new ConcurrentHashMap<>();

  /**
   * Which controllers share connections: a client certificate is shown once for all requests of a
   * connection, so accounts, which show none, have others.
   */
  private enum Purpose {
    PROCESS,
    ACCOUNTS
  }

  private ApiServers(
      Config config,
      ClientConfig settings,
      ProductVersion version,
      MeterRegistry meters,
      Environment environment) {
    this.config = config;
    this.settings = settings;
    this.version = version;
    this.meters = meters;
    this.environment = environment;
  }

  /**
   * Reads address and credentials.
   *
   * @param problems takes what is wrong with the kubeconfig; the result is of no use then
   */
  static ApiServers of(
      ClientConfig settings,
      ProductVersion version,
      MeterRegistry meters,
      Environment environment,
      Problems problems) {
    Config config = problems.attempt("--kubeconfig", Config.empty(), () -> config(settings));
    return new ApiServers(config, settings, version, meters, environment);
  }

  private static Config config(ClientConfig settings) throws IOException {
    Config config =
        settings.kubeconfig().isEmpty()
            ? Config.autoConfigure(null)
            : Kubeconfigs.read(Path.of(settings.kubeconfig()), settings.master().isEmpty());
    return settings.master().isEmpty()
        ? config
        : new ConfigBuilder(config).withMasterUrl(settings.master()).build();
  }

  /** Address of the API server. */
  String address() {
    return config.getMasterUrl();
  }

  /**
   * The certificates that prove the API server's identity, PEM: those in the kubeconfig, or of the
   * file it names. Empty when it has neither.
   */
  String certificateAuthority() throws IOException {
    String inline = config.getCaCertData();
    if (inline != null && !inline.isEmpty()) {
      return new String(Base64.getMimeDecoder().decode(inline), StandardCharsets.UTF_8);
    }
    String file = config.getCaCertFile();
    return file == null || file.isEmpty() ? "" : Files.readString(Path.of(file));
  }

  /**
   * The client of a controller.
   *
   * @param identity end of the User-Agent
   * @param fence asked before each write
   */
  ApiClient controller(String identity, Fence fence) {
    return noted(limited(builder(identity), identity).over(own()).fence(fence).build());
  }

  /**
   * The client that makes service accounts and asks for their tokens: three requests for each
   * controller when it starts, all at once.
   *
   * @param fence asked before each write
   */
  ApiClient accounts(Fence fence) {
    return noted(
        builder("service-accounts")
            .over(own())
            .rateLimit(qps(), Math.max(ACCOUNT_BURST, settings.burst()))
            .requestTimeout(DELEGATED_TIMEOUT)
            .fence(fence)
            .build());
  }

  /**
   * The client of a controller that acts as a service account: none of the credentials of the
   * kubeconfig go with it.
   *
   * @param account name of the account
   * @param token the token to send, asked for each request
   * @param fence asked before each write
   */
  ApiClient account(String account, Supplier<String> token, Fence fence) {
    Config stripped =
        new ConfigBuilder(config)
            .withClientCertData(null)
            .withClientCertFile(null)
            .withClientKeyData(null)
            .withClientKeyFile(null)
            .withUsername(null)
            .withPassword(null)
            .withOauthToken(null)
            .withAutoOAuthToken(null)
            .withAuthProvider(null)
            .withOauthTokenProvider(token::get)
            .build();
    return noted(
        limited(builder(stripped, ServiceAccounts.userName(account)), account)
            .over(shared.computeIfAbsent(Purpose.ACCOUNTS, any -> ApiConnections.to(stripped)))
            .fence(fence)
            .build());
  }

  /** Connections for the writes of the controllers that act as the process. */
  private ApiConnections own() {
    return shared.computeIfAbsent(Purpose.PROCESS, any -> ApiConnections.to(config));
  }

  /** The client of the informers. */
  ApiClient informers() {
    return noted(builder("shared-informers").rateLimit(qps(), settings.burst()).build());
  }

  /** The client of the election: nothing slows it down. */
  ApiClient election(Duration requestTimeout) {
    return noted(builder("leader-election").unlimited().requestTimeout(requestTimeout).build());
  }

  /**
   * The client that asks about users of the HTTPS port.
   *
   * @param delegate whom to ask, with which credentials
   * @param identity end of the User-Agent
   */
  ApiClient delegated(Config delegate, String identity) {
    return noted(
        builder(delegate, identity)
            .rateLimit(DELEGATED_QPS, DELEGATED_BURST)
            .requestTimeout(DELEGATED_TIMEOUT)
            .build());
  }

  /** Closes all clients that were made, those that others have closed included. */
  @Override
  public void close() {
    made.forEach(ApiClient::close);
    shared.values().forEach(ApiConnections::close);
  }

  private ApiClient noted(ApiClient client) {
    made.add(client);
    return client;
  }

  private ApiClients.Builder limited(ApiClients.Builder client, String controller) {
    boolean empties = controller.equals(NamespaceController.NAME);
    long burst = (long) settings.burst() * (empties ? NAMESPACE_BURST : 1);
    return client.rateLimit(
        qps() * (empties ? NAMESPACE_QPS : 1), (int) Math.min(burst, Integer.MAX_VALUE));
  }

  private double qps() {
    return settings.qps() == 0 ? -1 : settings.qps();
  }

  private ApiClients.Builder builder(String identity) {
    return builder(config, identity);
  }

  private ApiClients.Builder builder(Config server, String identity) {
    return ApiClients.builder(server)
        .userAgent(
            "kube-controller-manager/%s (%s) kubernetes/%s/%s"
                .formatted(
                    version.gitVersion(),
                    ProductVersion.platform(),
                    version.gitCommit().isEmpty() ? "unknown" : version.gitCommit(),
                    identity))
        .meters(meters)
        .environment(environment);
  }
}
