package dev.kcm.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.time.Environment;
import dev.kcm.daemon.auth.AccessControl;
import dev.kcm.daemon.auth.TrustedAuthorities;
import dev.kcm.daemon.endpoints.HealthChecks;
import dev.kcm.daemon.tls.ServingCertificate;
import dev.kcm.daemon.tls.ServingTls;
import dev.kcm.embedded.pki.Credential;
import dev.kcm.embedded.pki.Pki;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpsServerTest {

  // Keys take long to make, and no test changes them.
  private static final Pki pki = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1"));
  private final HealthChecks health = new HealthChecks("healthz");
  private final AtomicReference<String> leaderProblem = new AtomicReference<>("");
  private HttpsServer server;

  @BeforeEach
  void open() throws IOException {
    health.add(
        "leaderElection",
        () -> Optional.of(leaderProblem.get()).filter(reason -> !reason.isEmpty()));
    health.add("replicaset-controller", Optional::empty);
    TrustedAuthorities authorities = TrustedAuthorities.of(List.of(pki.ca().certificate()));
    server =
        HttpsServer.open(
            HttpsServer.Settings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            showing(pki.controllerManager()),
            new GuardedRoutes(
                AccessControl.builder()
                    .clientAuthorities(() -> authorities)
                    .alwaysAllow(List.of("/healthz", "/public/*"))
                    .create(Environment.system(), new SimpleMeterRegistry()),
                Map.of(
                    "/healthz",
                    health,
                    "/healthz/*",
                    health.each(),
                    "/metrics",
                    exchange -> Answers.text(exchange, 200, "# HELP\n"))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void anybodyReachesHealthz(HttpClient.Version version) throws Exception {
    HttpResponse<String> answer = get(pki.anonymousContext(), "/healthz", version);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache, private");
  }

  @Test
  void verboseHealthzListsTheChecksInTheOrderTheyWereAdded() throws Exception {
    assertThat(anonymous("/healthz?verbose").body())
        .isEqualTo("[+]leaderElection ok\n[+]replicaset-controller ok\nhealthz check passed\n");
  }

  @Test
  void failedHealthzKeepsTheReasonToItself() throws Exception {
    leaderProblem.set("the lease is 40 s old");

    HttpResponse<String> answer = anonymous("/healthz");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .isEqualTo(
            """
            [-]leaderElection failed: reason withheld
            [+]replicaset-controller ok
            healthz check failed
            """);
  }

  @Test
  void excludedChecksDoNotCountAndUnknownOnesAreNamed() throws Exception {
    leaderProblem.set("the lease is 40 s old");

    HttpResponse<String> answer = anonymous("/healthz?verbose&exclude=leaderElection&exclude=foo");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            """
            [+]leaderElection excluded: ok
            [+]replicaset-controller ok
            warn: some health checks cannot be excluded: no matches for "foo"
            healthz check passed
            """);
  }

  @Test
  void eachCheckOfHealthzHasAPathForThoseWithRights() throws Exception {
    SSLContext admin = pki.clientContext(pki.admin());
    leaderProblem.set("the lease is 40 s old");

    HttpResponse<String> well =
        get(admin, "/healthz/replicaset-controller", HttpClient.Version.HTTP_2);
    HttpResponse<String> failed = get(admin, "/healthz/leaderElection", HttpClient.Version.HTTP_2);

    assertThat(well.statusCode()).isEqualTo(200);
    assertThat(well.body()).isEqualTo("ok");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).isEqualTo("internal server error: reason withheld\n");
    for (String missing : List.of("/healthz/", "/healthz/foo", "/healthz/foo/leaderElection")) {
      assertThat(get(admin, missing, HttpClient.Version.HTTP_2).statusCode())
          .as(missing)
          .isEqualTo(404);
    }
    assertThat(anonymous("/healthz/leaderElection").statusCode()).isEqualTo(403);
  }

  @Test
  void administratorReachesEverything() throws Exception {
    SSLContext admin = pki.clientContext(pki.admin());

    assertThat(get(admin, "/metrics", HttpClient.Version.HTTP_2).statusCode()).isEqualTo(200);
    HttpResponse<String> missing = get(admin, "/nonsense", HttpClient.Version.HTTP_2);
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).isEqualTo("404 page not found\n");
  }

  @Test
  void anonymousIsForbiddenAndCannotTellWhichPathsExist() throws Exception {
    HttpResponse<String> answer = anonymous("/metrics");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"forbidden: User \\\"system:anonymous\\\" cannot get path "
                + "\\\"/metrics\\\"\",\"reason\":\"Forbidden\",\"details\":{},\"code\":403}\n");
    assertThat(anonymous("/nonsense").statusCode()).isEqualTo(403);
  }

  @Test
  void refusalIsIndentedForPeople() throws Exception {
    assertThat(anonymous("/metrics?pretty").body())
        .isEqualTo(
            """
            {
              "kind": "Status",
              "apiVersion": "v1",
              "metadata": {},
              "status": "Failure",
              "message": "forbidden: User \\"system:anonymous\\" cannot get path \\"/metrics\\"",
              "reason": "Forbidden",
              "details": {},
              "code": 403
            }""");
  }

  @Test
  void userWithoutRightsIsForbiddenByName() throws Exception {
    SSLContext joe = pki.clientContext(pki.client("joe <j&j>", List.of("devs")));

    HttpResponse<String> answer = get(joe, "/metrics", HttpClient.Version.HTTP_1_1);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("User \\\"joe &lt;j&amp;j&gt;\\\" cannot get path");
  }

  @Test
  void certificateOfAForeignAuthorityIsUnauthorized() throws Exception {
    Pki foreign = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1"));
    SSLContext stranger = TrustingContext.of(pki.ca().certificate(), foreign.admin());

    HttpResponse<String> answer = get(stranger, "/metrics", HttpClient.Version.HTTP_1_1);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":401}\n");
  }

  @Test
  void servingCertificateIsNotAClientCertificateOfSomebodyElse() throws Exception {
    SSLContext manager = pki.clientContext(pki.controllerManager());

    assertThat(get(manager, "/metrics", HttpClient.Version.HTTP_1_1).body())
        .contains("system:kube-controller-manager");
  }

  @Test
  void pathsEndingInAStarAllowWhatIsBelow() throws Exception {
    assertThat(anonymous("/public/x").statusCode()).isEqualTo(404);
    assertThat(anonymous("/publi").statusCode()).isEqualTo(403);
  }

  @Test
  void portInUseIsNamed() {
    assertThatThrownBy(
            () ->
                HttpsServer.open(
                    HttpsServer.Settings.at(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())),
                    showing(pki.controllerManager()),
                    exchange -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("failed to create listener: listen tcp 127.0.0.1:" + server.port())
        .hasMessageContaining("Address already in use");
  }

  @Test
  void showsARenewedCertificateInNewHandshakes() throws Exception {
    Credential renewed = pki.client("localhost", List.of());
    server.show(showing(renewed));

    assertThat(shownTo("")).isEqualTo(renewed.certificate());
  }

  @Test
  void showsTheCertificateOfTheNameThatIsAskedFor() throws Exception {
    Credential first = pki.client("one", List.of());
    Credential second = pki.client("two", List.of());
    Credential main = pki.controllerManager();
    server.show(
        new ServingTls(
            certificate(main),
            List.of(
                new ServingTls.Named(certificate(first), List.of("one.example.org")),
                new ServingTls.Named(
                    certificate(second), List.of("*.example.org", "one.example.org"))),
            List.of(pki.ca().certificate())));

    assertThat(shownTo("one.example.org")).isEqualTo(first.certificate());
    assertThat(shownTo("other.example.org")).isEqualTo(second.certificate());
    assertThat(shownTo("example.com")).isEqualTo(main.certificate());
    assertThat(shownTo("")).isEqualTo(main.certificate());
  }

  /** The certificate that a client sees which asks for a name, or for none. */
  private X509Certificate shownTo(String name) throws Exception {
    SSLContext anybody = SSLContext.getInstance("TLS");
    anybody.init(null, new TrustManager[] {new TrustsAll()}, null);
    try (SSLSocket socket =
        (SSLSocket) anybody.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      if (!name.isEmpty()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private ServingTls showing(Credential credential) {
    return new ServingTls(certificate(credential), List.of(), List.of(pki.ca().certificate()));
  }

  private static ServingCertificate certificate(Credential credential) {
    return new ServingCertificate(List.of(credential.certificate()), credential.key());
  }

  private HttpResponse<String> anonymous(String path) throws Exception {
    return get(pki.anonymousContext(), path, HttpClient.Version.HTTP_1_1);
  }

  private HttpResponse<String> get(SSLContext tls, String path, HttpClient.Version version)
      throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(tls).version(version).build();
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
