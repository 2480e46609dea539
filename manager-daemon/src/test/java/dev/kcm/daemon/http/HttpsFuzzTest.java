package dev.kcm.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that mean no good, or do no good, leave the port as they found it. */
class HttpsFuzzTest {

  private static final int ROUNDS = 300;

  private static final Pki pki = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1"));

  private HttpsServer server;

  @BeforeEach
  void open() throws IOException {
    TrustedAuthorities authorities = TrustedAuthorities.of(List.of(pki.ca().certificate()));
    Credential shown = pki.controllerManager();
    server =
        HttpsServer.open(
            HttpsServer.Settings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new ServingTls(
                new ServingCertificate(List.of(shown.certificate()), shown.key()),
                List.of(),
                List.of(pki.ca().certificate())),
            new GuardedRoutes(
                AccessControl.builder()
                    .clientAuthorities(() -> authorities)
                    .alwaysAllow(List.of("/healthz"))
                    .create(Environment.system(), new SimpleMeterRegistry()),
                Map.of("/healthz", new HealthChecks("healthz"))));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Socket connect() throws Exception {
    SSLSocket socket =
        (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static SSLContext trusting() {
    return pki.anonymousContext();
  }

  /** The status line, or what stands for it when the server hangs up. */
  private String answerTo(byte[] request) throws Exception {
    try (Socket socket = connect()) {
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
      } catch (IOException hungUp) {
        return "closed";
      }
      byte[] head = new byte[64];
      try {
        int read = socket.getInputStream().read(head);
        return read < 0 ? "closed" : new String(head, 0, read, StandardCharsets.ISO_8859_1);
      } catch (SocketTimeoutException waiting) {
        return "waiting";
      } catch (IOException hungUp) {
        return "closed";
      }
    }
  }

  private String answerTo(String request) throws Exception {
    return answerTo(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void stillServes() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(trusting())
            .build()
            .send(
                HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + server.port() + "/healthz"))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void answersOddRequestsWithRefusals() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      String request = request(random);
      String answer = answerTo(request);
      assertThat(answer)
          .as("seed %d, round %d: %s", seed, i, request)
          .matches("(?s)closed|HTTP/1\\.1 (200|4\\d\\d) .*");
    }
    stillServes();
  }

  private static String request(Random random) {
    String method =
        one(random, "GET", "POST", "DELETE", "TRACE", "OPTIONS", "X", "get", "G\u00e9T");
    String path =
        one(
            random,
            "/healthz",
            "/healthz/../metrics",
            "//",
            "/%2e%2e/%00",
            "/metrics;a=b",
            "/\u00ff\u00fe",
            "/debug/pprof/" + text(random, 50),
            "/" + text(random, 5_000),
            "*",
            "http://elsewhere/healthz",
            "/healthz?exclude=" + text(random, 2_000));
    String header =
        one(
            random,
            "X-Odd: " + text(random, 20_000),
            "Authorization: Bearer " + text(random, 3_000),
            "Authorization: Bearer",
            "Content-Length: 0",
            "Accept: \u0001",
            "X-Remote-User: admin",
            "Cookie: " + "a=b; ".repeat(500));
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: a\r\n"
        + header
        + "\r\nConnection: close\r\n\r\n";
  }

  private static String text(Random random, int longest) {
    int length = 1 + random.nextInt(longest);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append("abcXYZ019-_.~%+*".charAt(random.nextInt(16)));
    }
    return text.toString();
  }

  private static String one(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  @Test
  void hangsUpOnWhatIsNoHttp() throws Exception {
    Random random = new Random(42);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[2_000];
      random.nextBytes(noise);
      noise[noise.length - 1] = '\n';
      assertThat(answerTo(noise)).doesNotStartWith("HTTP/1.1 2");
    }
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      plain.setSoTimeout(10_000);
      byte[] answer = plain.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("200");
    }
    stillServes();
  }

  @Test
  void refusesHeadersAndBodiesThatAreTooLarge() throws Exception {
    String big = "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Big: " + "x".repeat(2 << 20) + "\r\n\r\n";
    assertThat(answerTo(big)).matches("(?s)closed|HTTP/1\\.1 4\\d\\d .*");
    String body =
        "PUT /debug/flags/v HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n"
            + "x".repeat(200_000);
    assertThat(answerTo(body)).matches("(?s)closed|HTTP/1\\.1 4\\d\\d .*");
    stillServes();
  }

  @Test
  void servesOthersWhileManyClientsAreSlow() throws Exception {
    int before = Thread.activeCount();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = connect();
        slow.add(socket);
        socket
            .getOutputStream()
            .write("GET /healthz HTTP/1.1\r\nHos".getBytes(StandardCharsets.US_ASCII));
      }
      stillServes();
      assertThat(Thread.activeCount())
          .as("threads do not grow with clients")
          .isLessThan(before + 20);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    Awaitility.await().untilAsserted(this::stillServes);
  }
}
