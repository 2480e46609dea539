package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.daemon.logs.Logging;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must never be in a log, whatever its verbosity. */
class SecretsIT {

  private static final String BOOTSTRAP_SECRET = "q9w8e7r6t5y4u3i2";

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster);
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName(
      "6 neither tokens nor keys nor contents of Secrets are in a log of the most talkative")
  void neverLogsSecrets() throws Exception {
    Path log = directory.resolve("manager.log");
    int port = TestBed.freePort();
    List<String> args =
        List.of(
            "--kubeconfig=" + bed.kubeconfig(),
            "--authentication-kubeconfig=" + bed.kubeconfig(),
            "--authorization-kubeconfig=" + bed.kubeconfig(),
            "--client-ca-file=" + bed.pki("ca.pem"),
            "--cluster-signing-cert-file=" + bed.pki("ca.pem"),
            "--cluster-signing-key-file=" + bed.pki("ca-key.pem"),
            "--service-account-private-key-file=" + bed.pki("sa.key"),
            "--root-ca-file=" + bed.pki("ca.pem"),
            "--use-service-account-credentials",
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--secure-port=" + port,
            "--bind-address=127.0.0.1",
            "--log-file=" + log,
            "--v=10");
    String token;
    Logging logging = Logging.start(TestBed.options(args).logs(), KubernetesNames::of);
    try {
      createSecrets();
      TestBed.Running daemon = bed.start(port, args);
      TestBed.await().until(daemon::leads);
      TestBed.await()
          .untilAsserted(
              () ->
                  assertThat(secret("asked").at("/data/token").asText())
                      .as("made by the controller")
                      .isNotEmpty());
      token = decoded(secret("asked").at("/data/token").asText());
      assertThat(askWith(token, port).statusCode()).isEqualTo(403);
      assertThat(askWith("no-token-of-anybody", port).statusCode()).isEqualTo(401);
      daemon.daemon().stop().get(40, TimeUnit.SECONDS);
    } finally {
      logging.setVerbosity(0);
      logging.close();
    }

    String logged = Files.readString(log);
    assertThat(logged)
        .as("it says a lot")
        .contains("Response POST https://", "/token 201", "tokenreviews");
    assertThat(forbidden(token).stream().filter(logged::contains)).isEmpty();
  }

  /** Everything that would give something away, and a beginning of each. */
  private List<String> forbidden(String token) throws Exception {
    List<String> forbidden = new ArrayList<>();
    forbidden.add(token);
    forbidden.add(token.substring(token.lastIndexOf('.') + 1));
    forbidden.add("eyJhbGciOi");
    forbidden.add("no-token-of-anybody");
    forbidden.add(BOOTSTRAP_SECRET);
    forbidden.add(encoded(BOOTSTRAP_SECRET));
    forbidden.add("PRIVATE KEY");
    for (String key : List.of("ca-key.pem", "sa.key", "kube-controller-manager-key.pem")) {
      forbidden.add(Files.readAllLines(bed.pki(key)).get(1));
    }
    return forbidden;
  }

  private void createSecrets() throws Exception {
    bed.create(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"asking\"}}");
    bed.create(
        "/api/v1/namespaces/default/secrets",
        """
        {"metadata":{"name":"asked","annotations":{"kubernetes.io/service-account.name":"asking"}},
         "type":"kubernetes.io/service-account-token"}
        """);
    bed.create(
        "/api/v1/namespaces/kube-system/secrets",
        """
        {"metadata":{"name":"bootstrap-token-abcdef"}, "type":"bootstrap.kubernetes.io/token",
         "data":{"token-id":"%s","token-secret":"%s","usage-bootstrap-signing":"%s",
                 "expiration":"%s"}}
        """
            .formatted(
                encoded("abcdef"),
                encoded(BOOTSTRAP_SECRET),
                encoded("true"),
                encoded("2999-01-01T00:00:00Z")));
  }

  private JsonNode secret(String name) throws Exception {
    return bed.readJson("/api/v1/namespaces/default/secrets/" + name);
  }

  private static HttpResponse<String> askWith(String token, int port) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(Insecure.context())
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/metrics"))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
