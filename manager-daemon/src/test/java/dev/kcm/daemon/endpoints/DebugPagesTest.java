package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.core.time.Environment;
import dev.kcm.daemon.auth.AccessControl;
import dev.kcm.daemon.http.Endpoint;
import dev.kcm.daemon.http.GuardedRoutes;
import dev.kcm.daemon.options.CommandLine;
import dev.kcm.daemon.options.Options;
import dev.kcm.daemon.options.ProductVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undertow.Undertow;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebugPagesTest {

  private static final Instant START = Instant.parse("2026-11-01T10:33:57Z");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicInteger verbosity = new AtomicInteger();
  private final HealthIndicators indicators = new HealthIndicators(START);
  private final HealthChecks health = new HealthChecks("healthz", indicators);

  @TempDir Path directory;

  private Undertow server;

  @BeforeEach
  void serve() throws IOException {
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), "");
    Options options = options(List.of("--kubeconfig=" + kubeconfig, "--v=3", "--profiling=false"));
    Map<String, Endpoint> endpoints =
        Map.of(
            "/configz", DebugPages.configz(options),
            "/flagz", DebugPages.flagz("kube-controller-manager", options),
            "/statusz",
                DebugPages.statusz(
                    "kube-controller-manager", options, START, () -> START.plusSeconds(319)),
            "/debug/flags/v", DebugPages.verbosity(verbosity::set),
            "/healthz", health,
            "/metrics/slis", indicators);
    server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                new GuardedRoutes(
                    AccessControl.builder()
                        .alwaysAllow(List.of("/*"))
                        .create(Environment.system(), new SimpleMeterRegistry()),
                    endpoints))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void configzOfTheSameFlagsIsTheOneOfTheOriginal() throws IOException {
    Files.createDirectory(directory.resolve("cert"));
    for (String file :
        List.of(
            "kcm.kubeconfig",
            "cert/ca.pem",
            "cert/ca-key.pem",
            "cert/sa.key",
            "cert/kcm.pem",
            "cert/kcm-key.pem")) {
      Files.writeString(directory.resolve(file), "");
    }
    String etc = directory.toString();
    List<String> args =
        resource("configz-upstream.args").replace("/etc/kubernetes", etc).lines().toList();

    JsonNode document = JSON.readTree(Configz.of(options(args)));

    assertThat(document)
        .isEqualTo(
            JSON.readTree(resource("configz-upstream.json").replace("/etc/kubernetes", etc)));
  }

  @Test
  void configzShowsSettingsAsJson() throws Exception {
    HttpResponse<String> answer = send("GET", "/configz", "", "*/*");

    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(
            JSON.readTree(answer.body())
                .at("/kubecontrollermanager.config.k8s.io/Generic/Debugging/EnableProfiling"))
        .isEqualTo(JSON.getNodeFactory().booleanNode(false));
  }

  @Test
  void flagzListsFlagsByName() throws Exception {
    assertThat(send("GET", "/flagz", "", "text/plain").body())
        .startsWith("\nkube-controller-manager flags\nWarning: This endpoint is not meant to be ")
        .contains("\nkubeconfig: " + directory.resolve("kubeconfig") + "\n", "\nv: 3\n");
  }

  @Test
  void statuszTellsSinceWhenAndWhat() throws Exception {
    assertThat(send("GET", "/statusz", "", "*/*").body())
        .contains(
            "\nStarted  Sun Nov  1 10:33:57 UTC 2026\nUp  0 hr 05 min 19 sec\n",
            "\nBinary version  1.34\nEmulation version  1.34\n");
  }

  @ParameterizedTest
  @CsvSource({"/flagz", "/statusz"})
  void pagesForPeopleAreNotForOthers(String path) throws Exception {
    assertThat(send("GET", path, "", "application/json").statusCode()).isEqualTo(406);
  }

  @ParameterizedTest(name = "{0} {1}: {2} {3}")
  @CsvSource({
    "PUT, 5, 200, successfully set klog.logging.verbosity to 5",
    "PUT, five, 400, failed to set klog.logging.verbosity",
    "GET, '', 406, unsupported http method",
  })
  void verbosityIsSetByPut(String method, String body, int status, String text) throws Exception {
    HttpResponse<String> answer = send(method, "/debug/flags/v", body, "*/*");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).startsWith(text);
    assertThat(verbosity).hasValue(status == 200 ? 5 : 0);
  }

  @Test
  void indicatorsCountHowChecksComeOutUntilTheyAreDeleted() throws Exception {
    health.add("ping", Optional::empty);
    health.add("lease", () -> Optional.of("old"));
    send("GET", "/healthz", "", "*/*");
    send("GET", "/healthz", "", "*/*");

    assertThat(send("GET", "/metrics/slis", "", "*/*").body())
        .contains(
            """
            # TYPE kubernetes_healthcheck gauge
            kubernetes_healthcheck{name="lease",type="healthz"} 0
            kubernetes_healthcheck{name="ping",type="healthz"} 1
            """,
            """
            kubernetes_healthchecks_total{name="lease",status="error",type="healthz"} 2
            kubernetes_healthchecks_total{name="ping",status="success",type="healthz"} 2
            """,
            "process_start_time_seconds 1.793529237e+09\n");
    assertThat(send("DELETE", "/metrics/slis", "", "*/*").body()).isEqualTo("metrics reset\n");
    assertThat(send("GET", "/metrics/slis", "", "*/*").body()).doesNotContain("healthcheck");
  }

  private HttpResponse<String> send(String method, String path, String body, String accept)
      throws Exception {
    int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", accept)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static Options options(List<String> args) {
    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);
    assertThat(result).as("%s", result).isInstanceOf(CommandLine.Parsed.class);
    return ((CommandLine.Parsed) result).options();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DebugPagesTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
