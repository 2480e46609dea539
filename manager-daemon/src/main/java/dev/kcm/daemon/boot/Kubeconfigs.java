package dev.kcm.daemon.boot;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads address and credentials of an API server. */
final class Kubeconfigs {

  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private Kubeconfigs() {}

  /**
   * Reads a kubeconfig file.
   *
   * @param needsContext whether a file without a usable context is refused
   * @throws IOException when it cannot be read or says too little; the message names it
   */
  static Config read(Path file, boolean needsContext) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException(file + " does not exist or cannot be read");
    }
    Config config;
    try {
      config = Config.fromKubeconfig(file.toFile());
    } catch (RuntimeException e) {
      throw new IOException(
          file + " is not a kubeconfig: it must be a YAML document of kind Config", e);
    }
    if (config.getCurrentContext() == null && needsContext) {
      throw new IOException(file + " has no current-context that names a cluster and a user");
    }
    return config;
  }

  /**
   * What a flag names, or else what a pod is given; empty outside a cluster.
   *
   * @param flag name of the flag, for the report
   * @param file value of the flag, may be empty
   */
  static Optional<Config> delegated(String flag, String file, Problems problems) {
    return file.isEmpty()
        ? inCluster()
        : problems.attempt(flag, Optional.empty(), () -> Optional.of(read(Path.of(file), true)));
  }

  private static Optional<Config> inCluster() {
    String host = System.getenv("KUBERNETES_SERVICE_HOST");
    String port = System.getenv("KUBERNETES_SERVICE_PORT");
    Path token = SERVICE_ACCOUNT.resolve("token");
    if (host == null || port == null || !Files.isReadable(token)) {
      return Optional.empty();
    }
    String address = host.contains(":") ? "[" + host + "]" : host;
    return Optional.of(
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://" + address + ":" + port)
            .withCaCertFile(SERVICE_ACCOUNT.resolve("ca.crt").toString())
            .withOauthTokenProvider(() -> content(token))
            .build());
  }

  /** The token is renewed in place, so it is read each time. */
  private static String content(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + token, e);
    }
  }
}
