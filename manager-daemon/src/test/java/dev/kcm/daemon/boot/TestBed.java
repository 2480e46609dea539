package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.notify.Notifier;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import dev.kcm.embedded.boot.EmbeddedCluster;
import dev.kcm.embedded.pki.Credential;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * An embedded cluster with its certificates in a folder, and daemons in this JVM. A standby looks
 * at the lease twice a second.
 */
final class TestBed {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final EmbeddedCluster cluster;
  private final Path directory;
  private final List<Daemon> daemons = new ArrayList<>();

  private TestBed(EmbeddedCluster cluster, Path directory) {
    this.cluster = cluster;
    this.directory = directory;
  }

  static TestBed in(Path directory, UnaryOperator<EmbeddedCluster.Builder> settings)
      throws IOException {
    EmbeddedCluster cluster =
        settings
            .apply(
                EmbeddedCluster.builder()
                    .bindAddress("127.0.0.1")
                    .port(0)
                    .nodes(0)
                    .pkiDir(directory.resolve("pki")))
            .start();
    cluster.pki().writeKubeconfigs(directory, cluster.url());
    return new TestBed(cluster, directory);
  }

  EmbeddedCluster cluster() {
    return cluster;
  }

  Path kubeconfig() {
    return directory.resolve("kube-controller-manager.kubeconfig");
  }

  Path pki(String file) {
    return directory.resolve("pki").resolve(file);
  }

  /** A port that nobody listens on at the moment. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /**
   * Starts a daemon with the credentials of the cluster, a quick eye for a free lease, and more
   * flags.
   */
  Running start(String... more) throws Exception {
    return start(Notifier.NONE, more);
  }

  /** The same with somebody who is told how far it is. */
  Running start(Notifier notifier, String... more) throws Exception {
    int port = freePort();
    List<String> args =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + kubeconfig(),
                "--client-ca-file=" + pki("ca.pem"),
                "--secure-port=" + port,
                "--bind-address=127.0.0.1",
                "--leader-elect-retry-period=500ms"));
    args.addAll(List.of(more));
    return start(port, args, notifier);
  }

  /** Starts a daemon with exactly these flags. */
  Running start(int port, List<String> args) throws Exception {
    return start(port, args, Notifier.NONE);
  }

  private Running start(int port, List<String> args, Notifier notifier) throws Exception {
    Daemon daemon = Daemon.start(options(args), Environment.system(), verbosity -> {}, notifier);
    daemons.add(daemon);
    return new Running(daemon, port);
  }

  static Options options(List<String> args) {
    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);
    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    return ((CommandLine.Parsed) result).options();
  }

  /** What the API server says to an administrator. */
  String read(String path) throws Exception {
    return send(HttpRequest.newBuilder(cluster.url().resolve(path))).body();
  }

  JsonNode readJson(String path) throws Exception {
    return JSON.readTree(read(path));
  }

  /** Creates an object as an administrator. */
  String create(String path, String body) throws Exception {
    return write("POST", path, body, 201);
  }

  /** Replaces an object or a subresource as an administrator. */
  String replace(String path, String body) throws Exception {
    return write("PUT", path, body, 200);
  }

  String write(String method, String path, String body, int code) throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(cluster.url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
    return answer.body();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client(cluster.pki().clientContext(cluster.pki().admin()))
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode lease() throws Exception {
    return readJson(
            "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager")
        .path("spec");
  }

  /** A whole daemon starts slowly on a busy machine. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }

  void close() throws Exception {
    for (Daemon daemon : daemons) {
      daemon.stop().get(40, TimeUnit.SECONDS);
    }
    cluster.close();
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  /** A daemon with its port. */
  final class Running {

    private final Daemon daemon;
    private final int port;

    private Running(Daemon daemon, int port) {
      this.daemon = daemon;
      this.port = port;
    }

    Daemon daemon() {
      return daemon;
    }

    int port() {
      return port;
    }

    /** What it answers to an administrator. The serving certificate is not checked. */
    HttpResponse<String> get(String path) throws Exception {
      return get(path, cluster.pki().admin());
    }

    HttpResponse<String> get(String path, Credential shown) throws Exception {
      return send(path, Insecure.context(shown));
    }

    /** What it answers to somebody without a certificate. */
    HttpResponse<String> getAnonymously(String path) throws Exception {
      return send(path, Insecure.context());
    }

    private HttpResponse<String> send(String path, SSLContext tls) throws Exception {
      return client(tls)
          .send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
    }

    boolean leads() throws Exception {
      return get("/metrics")
          .body()
          .contains("leader_election_master_status{name=\"kube-controller-manager\"} 1");
    }
  }
}
