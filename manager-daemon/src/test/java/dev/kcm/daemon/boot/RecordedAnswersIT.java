package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.pki.Credential;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Status, headers and bodies of the HTTPS port beside what the original of 1.34 answered. The
 * header that forbids guesses at the type goes with every answer; the original leaves it out of
 * some. What differs on purpose is not here: {@code /livez}, {@code /readyz} and {@code
 * /healthz/<check>}, which the original answers with 404, and the graph of the garbage collector,
 * which is not there yet.
 */
class RecordedAnswersIT {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String METRICS =
      "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  @TempDir Path directory;

  private TestBed bed;
  private TestBed.Running daemon;

  /**
   * What the original answered.
   *
   * @param body the body, or its beginning up to three dots
   */
  private record Recorded(String path, int status, String type, String body) {}

  private static final List<Recorded> ADMINISTRATOR =
      List.of(
          new Recorded("/metrics", 200, METRICS, "# HELP ..."),
          new Recorded("/metrics/slis", 200, METRICS, "# HELP ..."),
          new Recorded(
              "/configz",
              200,
              "application/json",
              "{\"kubecontrollermanager.config.k8s.io\":{\"Generic\":{\"Port\":0,\"Address\":\"0.0.0.0\",..."),
          new Recorded("/healthz", 200, TEXT, "ok"),
          new Recorded("/healthz?verbose", 200, TEXT, "[+]leaderElection ok\n[+]..."),
          new Recorded(
              "/flagz",
              200,
              TEXT,
              "\nkube-controller-manager flags\nWarning: This endpoint is not meant to be machine"
                  + " parseable, has no formatting compatibility guarantees and is for debugging"
                  + " purposes only.\n\nallocate-node-cidrs..."),
          new Recorded(
              "/statusz",
              200,
              TEXT,
              "\nkube-controller-manager statusz\nWarning: This endpoint is not meant to be machine"
                  + " parseable, has no formatting compatibility guarantees and is for debugging"
                  + " purposes only.\n\nStarted..."),
          new Recorded(
              "/debug/pprof/",
              200,
              "text/html; charset=utf-8",
              "<html>\n<head>\n<title>/debug/pprof/</title>..."),
          new Recorded("/nonsense", 404, TEXT, "404 page not found\n"));

  private static final String FORBIDDEN =
      """
      {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "forbidden: User \\"%s\\" cannot get path \\"/metrics\\"",
        "reason": "Forbidden",
        "details": {},
        "code": 403
      }""";

  private static final String UNAUTHORIZED =
      """
      {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "Unauthorized",
        "reason": "Unauthorized",
        "code": 401
      }""";

  @BeforeEach
  void start() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster);
    daemon =
        bed.start(
            "--controllers=ttl",
            "--authentication-kubeconfig=" + bed.kubeconfig(),
            "--authorization-kubeconfig=" + bed.kubeconfig(),
            "--feature-gates=ComponentFlagz=true,ComponentStatusz=true");
    TestBed.await()
        .untilAsserted(
            () ->
                assertThat(daemon.getAnonymously("/healthz?verbose").body())
                    .contains("[+]ttl-controller ok"));
  }

  @AfterEach
  void stop() throws Exception {
    bed.close();
  }

  @Test
  void answersAdministratorsAsTheOriginal() throws Exception {
    SoftAssertions differences = new SoftAssertions();
    for (Recorded recorded : ADMINISTRATOR) {
      compare(differences, recorded, ask(recorded.path, bed.cluster().pki().admin(), ""));
    }
    differences.assertAll();
  }

  @Test
  void refusesOthersAsTheOriginal() throws Exception {
    Credential nobody = bed.cluster().pki().client("nobody", List.of());
    SoftAssertions differences = new SoftAssertions();
    compare(differences, forbidden("system:anonymous"), ask("/metrics", null, ""));
    compare(differences, forbidden("nobody"), ask("/metrics", nobody, ""));
    compare(
        differences,
        new Recorded("/metrics", 401, "application/json", UNAUTHORIZED),
        ask("/metrics", null, "nonsense"));
    differences.assertAll();
  }

  private static Recorded forbidden(String user) {
    return new Recorded("/metrics", 403, "application/json", FORBIDDEN.formatted(user));
  }

  private static void compare(
      SoftAssertions differences, Recorded recorded, HttpResponse<String> answer) {
    String what = answer.statusCode() + " " + recorded;
    differences.assertThat(answer.statusCode()).as(what).isEqualTo(recorded.status);
    differences
        .assertThat(answer.headers().allValues("content-type"))
        .as(what)
        .containsExactly(recorded.type);
    differences
        .assertThat(answer.headers().allValues("x-content-type-options"))
        .as(what)
        .containsExactly("nosniff");
    differences
        .assertThat(answer.headers().allValues("cache-control"))
        .as(what)
        .containsExactly("no-cache, private");
    if (recorded.body.endsWith("...")) {
      differences
          .assertThat(answer.body())
          .as(what)
          .startsWith(recorded.body.substring(0, recorded.body.length() - 3));
    } else {
      differences.assertThat(answer.body()).as(what).isEqualTo(recorded.body);
    }
  }

  /** As curl, which gets refusals indented. */
  private HttpResponse<String> ask(String path, @Nullable Credential shown, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + daemon.port() + path))
            .header("User-Agent", "curl/7.88.1")
            .header("Accept", "*/*");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newBuilder()
        .sslContext(shown == null ? Insecure.context() : Insecure.context(shown))
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
