package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.logs.Logging;
import dev.kcm.daemon.options.Options;
import dev.kcm.embedded.access.AuthorizationMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Command lines of real installations, with nothing changed but paths and the port: each starts
 * against a cluster with strict RBAC, and leads.
 */
class SeedsIT {

  /** What stands in for a file of the command line, by the end of its name. */
  private static final Map<String, String> FILES =
      Map.of(
          "front-proxy-ca.crt", "front-proxy-ca.pem",
          "/ca.crt", "ca.pem",
          "/ca.key", "ca-key.pem",
          "/sa.key", "sa.key",
          "/ca.pem", "ca.pem",
          "/ca-key.pem", "ca-key.pem",
          "kube-controller-manager.pem", "kube-controller-manager.pem",
          "kube-controller-manager-key.pem", "kube-controller-manager-key.pem");

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster.authorization(AuthorizationMode.RBAC));
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("A1, B1 the unit of three masters, 1.2x, leads with the built-in bindings only")
  void unitOfThreeMasters() throws Exception {
    TestBed.Running daemon = leading("three-masters-1.2x.args");

    assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");
    assertThat(daemon.get("/debug/flags/v").statusCode()).isEqualTo(406);
    assertThat(daemon.get("/configz").body())
        .contains("\"ClusterSigningDuration\":\"876000h0m0s\"");
  }

  @Test
  @DisplayName("A2 the unit of three masters, 1.10, serves on its address only and logs to a file")
  void oldestUnit() throws Exception {
    List<String> args = args("three-masters-1.10.args", TestBed.freePort());
    Options options = TestBed.options(args);
    Logging logging = Logging.start(options.logs(), KubernetesNames::of);
    try {
      TestBed.Running daemon = leading(args);
      assertThat(daemon.getAnonymously("/healthz").body()).isEqualTo("ok");
      assertThat(accepts("127.0.0.2", daemon.port())).isFalse();
      assertThat(daemon.get("/metrics").statusCode())
          .as("no authority is named, so nobody is an administrator")
          .isEqualTo(403);
    } finally {
      logging.setVerbosity(0);
      logging.close();
    }
    assertThat(logged(directory.resolve("log"))).contains("Serving securely on 127.0.0.1:");
  }

  @Test
  @DisplayName("A3 the static pod of 1.18 has no profiles and keeps ten finished pods")
  void staticPod() throws Exception {
    TestBed.Running daemon = leading("static-pod-1.18.args");

    assertThat(daemon.get("/debug/pprof/").statusCode()).isEqualTo(404);
    assertThat(daemon.get("/configz").body())
        .contains("\"PodGCController\":{\"TerminatedPodGCThreshold\":10}");
  }

  @Test
  @DisplayName("A4 the Deployment of 1.30 serves on all addresses and logs requests")
  void deployment() throws Exception {
    List<String> args = args("deployment-1.30.args", TestBed.freePort());
    args.add("--log-dir=" + directory.resolve("log"));
    Options options = TestBed.options(args);
    Logging logging = Logging.start(options.logs(), KubernetesNames::of);
    try {
      TestBed.Running daemon = leading(args);
      assertThat(accepts("127.0.0.2", daemon.port())).isTrue();
      TestBed.await()
          .untilAsserted(
              () ->
                  assertThat(logged(directory.resolve("log")))
                      .containsPattern("Response GET https://127.0.0.1:\\d+/api/v1/pods\\?\\S+ 200")
                      .containsPattern(
                          "Response POST https://\\S+/serviceaccounts/\\S+/token 201"));
    } finally {
      logging.setVerbosity(0);
      logging.close();
    }
  }

  private TestBed.Running leading(String seed) throws Exception {
    return leading(args(seed, TestBed.freePort()));
  }

  private TestBed.Running leading(List<String> args) throws Exception {
    int port =
        args.stream()
            .filter(arg -> arg.startsWith("--secure-port="))
            .mapToInt(arg -> Integer.parseInt(arg.substring("--secure-port=".length())))
            .findFirst()
            .orElseThrow();
    TestBed.Running daemon = bed.start(port, args);
    TestBed.await().until(() -> !bed.lease().path("holderIdentity").asText().isEmpty());
    return daemon;
  }

  private List<String> args(String seed, int port) throws IOException {
    List<String> args = new ArrayList<>();
    for (String arg : read("/dev/kcm/daemon/options/" + seed).lines().toList()) {
      args.add(arg.startsWith("--secure-port=") ? "--secure-port=" + port : moved(arg));
    }
    if (args.stream().noneMatch(arg -> arg.startsWith("--secure-port="))) {
      args.add("--secure-port=" + port);
    }
    return args;
  }

  private String moved(String arg) {
    int path = arg.indexOf("=/");
    if (path < 0) {
      return arg;
    }
    String flag = arg.substring(0, path + 1);
    if (flag.equals("--log-dir=")) {
      return flag + directory.resolve("log");
    }
    if (flag.endsWith("kubeconfig=")) {
      return flag + bed.kubeconfig();
    }
    return FILES.entrySet().stream()
        .filter(file -> arg.endsWith(file.getKey()))
        .map(file -> flag + bed.pki(file.getValue()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(arg));
  }

  private static String read(String resource) throws IOException {
    try (var in = SeedsIT.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String logged(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  private static boolean accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
