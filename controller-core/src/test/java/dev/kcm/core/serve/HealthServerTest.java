package dev.kcm.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.time.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

  private final AtomicReference<Optional<String>> problem = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Map<String, Optional<String>>> informers =
      new AtomicReference<>(Map.of());
  private final HttpClient client = HttpClient.newHttpClient();
  private HealthServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HealthServer.builder()
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .live("election", Optional::empty)
            .ready("controllers", problem::get)
            .ready("broken", HealthServerTest::brokenWhenAsked)
            .readyEach(informers::get)
            .metrics(() -> "a_total 1\n")
            .start(Environment.system());
  }

  @AfterEach
  void stop() {
    server.close();
    server.close();
  }

  @Test
  void answersOkWhileAllIsWell() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/livez").body()).isEqualTo("ok");
    assertThat(get("/readyz").body()).isEqualTo("ok");
    assertThat(get("/readyz?verbose").body())
        .isEqualTo("[+]broken ok\n[+]controllers ok\nreadyz check passed\n");
  }

  @Test
  void namesWhatIsWrong() throws Exception {
    problem.set(Optional.of("webapp: not started"));

    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body())
        .contains("[-]controllers failed: webapp: not started\n")
        .endsWith("readyz check failed\n");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void checksThatComeAndGoAreAskedEachTime() throws Exception {
    informers.set(Map.of("informer-pods", Optional.empty()));
    assertThat(get("/readyz?verbose").body())
        .isEqualTo("[+]broken ok\n[+]controllers ok\n[+]informer-pods ok\nreadyz check passed\n");

    informers.set(Map.of("informer-pods", Optional.of("BLOCKED (403 pods/list)")));
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body())
        .contains("[-]informer-pods failed: BLOCKED (403 pods/list)\n");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void aCheckThatThrowsHasFailed() throws Exception {
    problem.set(Optional.of("throw"));
    try {
      BROKEN.set(true);
      assertThat(get("/readyz").body())
          .contains("[-]broken failed: java.lang.IllegalStateException: scripted\n");
    } finally {
      BROKEN.set(false);
    }
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.body()).isEqualTo("a_total 1\n");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/healthzz").statusCode()).isEqualTo(404);
    assertThat(get("/").body()).contains("/readyz");
    HttpRequest post =
        HttpRequest.newBuilder(uri("/healthz")).POST(HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<String> refused = client.send(post, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD");
    HttpRequest head =
        HttpRequest.newBuilder(uri("/healthz"))
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(client.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void allItsThreadsAreDaemons() throws Exception {
    get("/healthz");

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(t -> t.getName().startsWith("HTTP-Dispatcher"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    HealthServer.Builder second =
        HealthServer.builder()
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));

    assertThatThrownBy(() -> second.start(Environment.system()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("health server: cannot listen on")
        .hasMessageContaining(Integer.toString(server.port()));
    assertThatThrownBy(() -> HealthServer.builder().port(65_536))
        .hasMessage("port is 65536, allowed: 0 to 65535");
  }

  private static final AtomicBoolean BROKEN = new AtomicBoolean();

  private static Optional<String> brokenWhenAsked() {
    if (BROKEN.get()) {
      throw new IllegalStateException("scripted");
    }
    return Optional.empty();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
