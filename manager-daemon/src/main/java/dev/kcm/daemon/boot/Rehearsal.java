package dev.kcm.daemon.boot;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiClients;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.logs.Logging;
import dev.kcm.daemon.notify.Notifier;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import dev.kcm.daemon.rehearsal.StandInApiServer;
import dev.kcm.daemon.tls.ServingCertificate;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole life of the program in a few seconds, for the JVM to record: it starts against a stand-in
 * for the API server, leads, creates a pod, is scraped and stops. No cluster, no network but the
 * loopback address, no files but those in the folder it is given.
 *
 * <p>The script {@code kube-controller-manager-archive} runs it and makes a class-data archive of
 * what was recorded.
 */
public final class Rehearsal {

  private static final int PATIENCE_SECONDS = 60;
  private static final int SCRAPES = 20;

  private final Path folder;
  private final Path authority;
  private final Path certificate;
  private final Path key;

  private Rehearsal(Path folder) {
    this.folder = folder;
    this.authority = folder.resolve("authority.crt");
    this.certificate = folder.resolve("rehearsal.crt");
    this.key = folder.resolve("rehearsal.key");
  }

  /**
   * Runs once.
   *
   * @param args a folder for its files
   */
  public static void main(String[] args) throws Exception {
    new Rehearsal(Path.of(args[0])).run();
    System.exit(0);
  }

  private void run() throws Exception {
    Environment environment = Environment.system();
    ServingCertificate pair =
        ServingCertificate.selfSigned(
            InetAddress.getLoopbackAddress(), environment.wallClock().now(), environment.random());
    pair.write(certificate, key);
    // The signer of certificates wants one that stands alone.
    new ServingCertificate(pair.chain().subList(0, 1), pair.key()).write(authority, key);
    try (StandInApiServer server = StandInApiServer.open(pair)) {
      Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubeconfig(server.url()));
      int port = freePort();
      Options options = options(kubeconfig, port);
      Logging logging = Logging.start(options.logs(), KubernetesNames::of);
      Daemon daemon = Daemon.start(options, environment, logging::setVerbosity, Notifier.NONE);
      server.firstPod().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      scrape(port, environment);
      daemon.stop().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      logging.close();
    }
  }

  private String kubeconfig(String server) {
    return """
        apiVersion: v1
        kind: Config
        current-context: rehearsal
        clusters:
        - name: rehearsal
          cluster: {server: "%s", certificate-authority: "%s"}
        users:
        - name: rehearsal
          user: {client-certificate: "%2$s", client-key: "%3$s"}
        contexts:
        - name: rehearsal
          context: {cluster: rehearsal, user: rehearsal}
        """
        .formatted(server, certificate, key);
  }

  private Options options(Path kubeconfig, int port) {
    CommandLine.Result result =
        CommandLine.of(ProductVersion.current(), CommandLine.columnsOf(""))
            .parse(
                List.of(
                    "--kubeconfig=" + kubeconfig,
                    "--authentication-kubeconfig=" + kubeconfig,
                    "--authorization-kubeconfig=" + kubeconfig,
                    "--authentication-skip-lookup",
                    "--bind-address=127.0.0.1",
                    "--secure-port=" + port,
                    "--tls-cert-file=" + certificate,
                    "--tls-private-key-file=" + key,
                    "--root-ca-file=" + certificate,
                    "--service-account-private-key-file=" + key,
                    "--cluster-signing-cert-file=" + authority,
                    "--cluster-signing-key-file=" + key,
                    "--use-service-account-credentials",
                    "--controllers=*,bootstrapsigner,tokencleaner",
                    "--allocate-node-cidrs",
                    "--cluster-cidr=10.244.0.0/16",
                    "--v=2"));
    return ((CommandLine.Parsed) result).options();
  }

  /** With a token, so that both reviews are asked for, too. */
  private void scrape(int port, Environment environment)
      throws InterruptedException, ExecutionException, TimeoutException {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + port)
            .withCaCertFile(certificate.toString())
            .withOauthToken("rehearsal")
            .build();
    try (ApiClient prometheus =
        ApiClients.builder(config).unlimited().environment(environment).build()) {
      for (int i = 0; i < SCRAPES; i++) {
        prometheus.read("/metrics").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
