package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.notify.Notifier;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon on real threads against the embedded cluster, with quick election times. */
class DaemonIT {

  @TempDir Path directory;

  private EmbeddedCluster cluster;
  private Path kubeconfig;
  private int port;

  @BeforeEach
  void startCluster() throws IOException {
    cluster =
        EmbeddedCluster.builder()
            .bindAddress("127.0.0.1")
            .port(0)
            .nodes(0)
            .pkiDir(directory.resolve("pki"))
            .start();
    cluster.pki().writeKubeconfigs(directory, cluster.url());
    kubeconfig = directory.resolve("kube-controller-manager.kubeconfig");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stopCluster() {
    cluster.close();
  }

  @Test
  @DisplayName("C2, C3 leads, shows its checks, and gives the lease back when it is stopped")
  void leadsAndGivesTheLeaseBack() throws Exception {
    Daemon daemon = start();

    await()
        .untilAsserted(
            () ->
                assertThat(get("/healthz?verbose").body())
                    .startsWith("[+]leaderElection ok\n")
                    .contains("[+]replicaset-controller ok\n")
                    .contains("[+]replicationcontroller-controller ok\n")
                    .contains("[+]root-ca-certificate-publisher-controller ok\n")
                    .doesNotContain("]token-cleaner")
                    .endsWith("healthz check passed\n"));
    await()
        .untilAsserted(
            () ->
                assertThat(get("/readyz?verbose").body())
                    .startsWith("[+]apiserver ok\n[+]controllers ok\n[+]informer-")
                    .contains("[+]informer-pods ok\n")
                    .endsWith(" ok\nreadyz check passed\n"));
    assertThat(get("/livez?verbose").body())
        .isEqualTo("[+]ping ok\n[+]leaderElection ok\nlivez check passed\n");
    assertThat(get("/healthz/leaderElection").body()).isEqualTo("ok");
    assertThat(get("/metrics").body())
        .contains("leader_election_master_status{name=\"kube-controller-manager\"} 1")
        .contains("kubernetes_build_info{", "version_info{", "kubernetes_feature_enabled{")
        .contains("workqueue_depth{name=\"replicaset\"} 0")
        .contains("workqueue_depth{name=\"replicationmanager\"} 0");
    assertThat(daemon.stop().get(20, TimeUnit.SECONDS).clean()).isTrue();
    assertThat(lease()).contains("\"holderIdentity\":\"\"");
  }

  @Test
  void publishesTheCertificatesOfTheKubeconfigWhereNoFileIsNamed() throws Exception {
    Daemon daemon = start();
    String path = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";
    await().untilAsserted(() -> assertThat(read(path)).contains("BEGIN CERTIFICATE"));
    daemon.stop().get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("C6 ends with failure when the API server is away for longer than the deadline")
  void endsWhenLeadershipIsLost() throws Exception {
    Daemon daemon = start();
    await().untilAsserted(() -> assertThat(get("/healthz?verbose").body()).contains("replicaset"));

    cluster.close();

    assertThat(daemon.end().get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.FAILED);
    assertThat(get("/metrics").body())
        .contains("leader_election_master_status{name=\"kube-controller-manager\"} 0");
    daemon.stop().get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("B1, D2, D4 users and rights come from the API server")
  void asksTheApiServerForUsersAndRights() throws Exception {
    Daemon daemon =
        Daemon.start(
            options(
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--authorization-webhook-cache-unauthorized-ttl=0s",
                "--controllers=ttl"),
            Environment.system(),
            verbosity -> {},
            Notifier.NONE);
    String token = serviceAccountToken("default", "scraper");

    assertThat(get("/metrics", "").statusCode()).isEqualTo(403);
    assertThat(get("/metrics", "nonsense").statusCode()).isEqualTo(401);
    HttpResponse<String> refused = get("/metrics", token);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .contains("User \\\"system:serviceaccount:default:scraper\\\" cannot get path");
    create(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        """
        {"metadata": {"name": "scraper"},
         "rules": [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]}
        """);
    create(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        """
        {"metadata": {"name": "scraper"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                     "name": "scraper"},
         "subjects": [{"kind": "ServiceAccount", "namespace": "default", "name": "scraper"}]}
        """);
    await().untilAsserted(() -> assertThat(get("/metrics", token).statusCode()).isEqualTo(200));
    assertThat(get("/metrics", token).body())
        .contains("apiserver_delegated_authn_request_total{code=\"201\"}")
        .contains("authorization_attempts_total{result=\"no-opinion\"}");
    assertThat(get("/configz", token).statusCode()).isEqualTo(403);
    daemon.stop().get(20, TimeUnit.SECONDS);
  }

  private String serviceAccountToken(String namespace, String name) throws Exception {
    String accounts = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
    create(accounts, "{\"metadata\": {\"name\": \"" + name + "\"}}");
    String answer =
        create(
            accounts + "/" + name + "/token",
            "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenRequest\", \"spec\":"
                + " {\"expirationSeconds\": 3600}}");
    return new ObjectMapper().readTree(answer).at("/status/token").asText();
  }

  private String create(String path, String body) throws Exception {
    HttpResponse<String> answer =
        client(cluster.pki().clientContext(cluster.pki().admin()))
            .send(
                HttpRequest.newBuilder(cluster.url().resolve(path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return answer.body();
  }

  /** Asks the daemon without a certificate, with a token unless it is empty. */
  private HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client(Insecure.context()).send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void reportsAllFilesThatAreWrongTogether() throws Exception {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "hello\n");

    assertThatThrownBy(
            () ->
                Daemon.start(
                    options(
                        "--kubeconfig=" + notes,
                        "--client-ca-file=" + notes,
                        "--root-ca-file=" + notes,
                        "--tls-cert-file=" + directory.resolve("pki/admin.pem"),
                        "--tls-private-key-file=" + directory.resolve("pki/ca-key.pem")),
                    Environment.system(),
                    verbosity -> {},
                    Notifier.NONE))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("--kubeconfig: " + notes + " is not a kubeconfig")
        .hasMessageContaining("--client-ca-file: " + notes)
        .hasMessageContaining("--root-ca-file: " + notes)
        .hasMessageContaining("--tls-cert-file: the private key")
        .hasMessageContaining("does not belong to");
  }

  @Test
  void checksTheSameFilesWithoutAStart() throws Exception {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "hello\n");
    Daemon.check(options("--kubeconfig=" + kubeconfig), Environment.system());

    assertThatThrownBy(
            () ->
                Daemon.check(
                    options(
                        "--kubeconfig=" + notes,
                        "--client-ca-file=" + notes,
                        "--root-ca-file=" + notes,
                        "--enable-leader-migration",
                        "--leader-migration-config=" + notes),
                    Environment.system()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("--kubeconfig: " + notes)
        .hasMessageContaining("--client-ca-file: " + notes)
        .hasMessageContaining("--root-ca-file: " + notes)
        .hasMessageContaining("--leader-migration-config: " + notes);
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(port)) {
      assertThatThrownBy(this::start)
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("--secure-port: failed to create listener")
          .hasMessageContaining(":" + taken.getLocalPort())
          .hasMessageContaining("Address already in use");
    }
  }

  /** A whole daemon starts slowly on a busy machine. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40));
  }

  private Daemon start() throws StartupException {
    return Daemon.start(
        options("--kubeconfig=" + kubeconfig),
        Environment.system(),
        verbosity -> {},
        Notifier.NONE);
  }

  private Options options(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--secure-port=" + port,
                "--bind-address=127.0.0.1",
                "--leader-elect-lease-duration=3s",
                "--leader-elect-renew-deadline=2s",
                "--leader-elect-retry-period=500ms"));
    if (List.of(more).stream().noneMatch(flag -> flag.startsWith("--client-ca-file"))) {
      args.add("--client-ca-file=" + directory.resolve("pki/ca.pem"));
    }
    args.addAll(List.of(more));
    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);
    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    return ((CommandLine.Parsed) result).options();
  }

  private String lease() throws Exception {
    return read(
        "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager");
  }

  /** What the API server says. */
  private String read(String path) throws Exception {
    return client(cluster.pki().clientContext(cluster.pki().admin()))
        .send(
            HttpRequest.newBuilder(cluster.url().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The serving certificate is made at start, so the client does not check it. */
  private HttpResponse<String> get(String path) throws Exception {
    return client(Insecure.context(cluster.pki().admin()))
        .send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).build();
  }
}
