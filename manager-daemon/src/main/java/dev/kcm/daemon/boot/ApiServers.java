package dev.kcm.daemon.boot;

import dev.kcm.controllers.lifecycle.namespace.NamespaceController;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.api.Fence;
import dev.kcm.core.time.Environment;
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

/**
 * Makes the clients of the process: one for each controller with its own rate limit, one for
 * informers, one for the election without any limit.
 *
 * <p>Immutable.
 */
final class ApiServers {

  /** Upstream's numbers for reviews: requests per second, at once, and how long one may take. */
  private static final double DELEGATED_QPS = 200;

  private static final int DELEGATED_BURST = 400;
  private static final Duration DELEGATED_TIMEOUT = Duration.ofSeconds(10);

  /** How much more than others the controller may send that asks for every resource there is. */
  private static final int NAMESPACE_QPS = 20;

  private static final int NAMESPACE_BURST = 100;

  private final Config config;
  private final ClientConfig settings;
  private final ProductVersion version;
  private final MeterRegistry meters;
  private final Environment environment;

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
    boolean empties = identity.equals(NamespaceController.NAME);
    double qps = settings.qps() == 0 ? -1 : settings.qps();
    long burst = (long) settings.burst() * (empties ? NAMESPACE_BURST : 1);
    return builder(identity)
        .rateLimit(qps * (empties ? NAMESPACE_QPS : 1), (int) Math.min(burst, Integer.MAX_VALUE))
        .fence(fence)
        .build();
  }

  /** The client of the informers. */
  ApiClient informers() {
    return builder("shared-informers")
        .rateLimit(settings.qps() == 0 ? -1 : settings.qps(), settings.burst())
        .build();
  }

  /** The client of the election: nothing slows it down. */
  ApiClient election(Duration requestTimeout) {
    return builder("leader-election").unlimited().requestTimeout(requestTimeout).build();
  }

  /**
   * The client that asks about users of the HTTPS port.
   *
   * @param delegate whom to ask, with which credentials
   * @param identity end of the User-Agent
   */
  ApiClient delegated(Config delegate, String identity) {
    return builder(delegate, identity)
        .rateLimit(DELEGATED_QPS, DELEGATED_BURST)
        .requestTimeout(DELEGATED_TIMEOUT)
        .build();
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
