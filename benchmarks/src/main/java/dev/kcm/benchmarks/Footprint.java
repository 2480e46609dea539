package dev.kcm.benchmarks;

import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Prints what the packaged manager costs: how long a start takes until it leads and until its first
 * reconcile, then memory, CPU time and threads of an idle leader and of an idle standby, and how
 * long a scrape takes. The API server is in this process, the managers are processes of their own.
 *
 * <p>Arguments: launcher, Java home for the managers, starts (5), idle seconds (60; 0 leaves that
 * part out), further flags of the standby.
 */
public final class Footprint implements AutoCloseable {

  private static final int SCRAPES = 20;
  private static final int PATIENCE_SECONDS = 60;
  private static final Predicate<String> LED =
      Pattern.compile("\"holderIdentity\":\"[^\"]").asPredicate();

  private final Path launcher;
  private final Path javaHome;
  private final Path data;
  private final EmbeddedCluster cluster;
  private final HttpClient http;

  private Footprint(Path launcher, Path javaHome, Path data) throws IOException {
    this.launcher = launcher;
    this.javaHome = javaHome;
    this.data = data;
    this.cluster = EmbeddedCluster.builder().nodes(3).pkiDir(data.resolve("pki")).start();
    cluster.pki().writeKubeconfigs(data, cluster.url());
    SSLContext tls = cluster.pki().clientContext(cluster.pki().admin());
    this.http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    Path data = Files.createTempDirectory("footprint");
    try (Footprint footprint =
        new Footprint(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]), data)) {
      footprint.starts(args.length > 2 ? Integer.parseInt(args[2]) : 5);
      int idle = args.length > 3 ? Integer.parseInt(args[3]) : 60;
      if (idle > 0) {
        footprint.idle(idle, Arrays.stream(args).skip(4).toList());
      }
    }
    System.exit(0);
  }

  /** A leader that has begun to work, and the milliseconds that took. */
  private record Started(ManagerRun manager, double led, double reconciled) {}

  private void starts(int rounds) throws Exception {
    double[] led = new double[rounds];
    double[] reconciled = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      Started started = startLeader("start-" + i, freePort());
      led[i] = started.led();
      reconciled[i] = started.reconciled();
      try (ManagerRun manager = started.manager()) {
        System.out.printf(
            Locale.ROOT,
            "start %d: leads after %.0f ms, first pod after %.0f ms; CPU time until then %.0f ms;"
                + " ended %.0f ms after SIGTERM%n",
            i + 1,
            led[i],
            reconciled[i],
            manager.cpuNanos() / 1e6,
            manager.stop());
      }
    }
    if (rounds > 0) {
      Arrays.sort(led);
      Arrays.sort(reconciled);
      System.out.printf(
          Locale.ROOT,
          "median of %d starts: leads after %.0f ms, first pod after %.0f ms%n",
          rounds,
          led[rounds / 2],
          reconciled[rounds / 2]);
    }
  }

  /** Returns when it has created the pod of a ReplicationController that was there before it. */
  private Started startLeader(String name, int port) throws Exception {
    createReplicationController(name);
    CompletableFuture<Long> leads =
        seen("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", LED);
    CompletableFuture<Long> pod =
        seen(
            "/api/v1/namespaces/default/pods?labelSelector=app%3D" + name,
            line -> line.contains("\"ADDED\""));
    ManagerRun manager = ManagerRun.start(launcher, javaHome, data, port, List.of());
    try {
      return new Started(
          manager,
          manager.millisTo(leads.get(PATIENCE_SECONDS, TimeUnit.SECONDS)),
          manager.millisTo(pod.get(PATIENCE_SECONDS, TimeUnit.SECONDS)));
    } catch (TimeoutException e) {
      manager.close();
      throw new IOException("no leader that works in time; see " + data, e);
    }
  }

  private void createReplicationController(String name) throws Exception {
    String body =
        """
        {"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"%1$s"},
         "spec":{"replicas":1,"selector":{"app":"%1$s"},"template":{
          "metadata":{"labels":{"app":"%1$s"}},
          "spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """
            .formatted(name);
    HttpRequest request =
        request("/api/v1/namespaces/default/replicationcontrollers")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException(answer.body());
    }
  }

  /** Completes with the time when a watch shows what is waited for. */
  private CompletableFuture<Long> seen(String path, Predicate<String> wanted) throws Exception {
    String query = path.contains("?") ? "&watch=1" : "?watch=1";
    HttpResponse<Stream<String>> watch =
        http.send(
            request(path + query + "&resourceVersion=" + now()).build(), BodyHandlers.ofLines());
    CompletableFuture<Long> seen = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (Stream<String> lines = watch.body()) {
                var unused =
                    lines.filter(wanted).findFirst().map(line -> seen.complete(System.nanoTime()));
              }
            },
            "watch");
    thread.setDaemon(true);
    thread.start();
    return seen;
  }

  /** The resourceVersion of this moment. */
  private String now() throws Exception {
    String list =
        http.send(request("/api/v1/namespaces?limit=1").build(), BodyHandlers.ofString()).body();
    return list.replaceFirst("(?s).*?\"metadata\":\\{[^}]*\"resourceVersion\":\"(\\d+)\".*", "$1");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(cluster.url() + path));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void idle(int seconds, List<String> standbyFlags) throws Exception {
    int port = freePort();
    try (ManagerRun leader = startLeader("idle", port).manager()) {
      try (ManagerRun standby =
          ManagerRun.start(launcher, javaHome, data, freePort(), standbyFlags)) {
        // What start-up leaves behind: compilation, threads that end when idle.
        TimeUnit.SECONDS.sleep(seconds / 2);
        long leaderCpu = leader.cpuNanos();
        long standbyCpu = standby.cpuNanos();
        TimeUnit.SECONDS.sleep(seconds);
        print("leader", leader, leader.cpuNanos() - leaderCpu, seconds);
        print("standby", standby, standby.cpuNanos() - standbyCpu, seconds);
      }
      scrape(port);
      print("leader after scrapes", leader, 0, seconds);
    }
  }

  private static void print(String who, ManagerRun manager, long cpuNanos, int seconds)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s: resident %.0f MiB (proportional %.0f), %d threads, CPU %.2f %%%n",
        who,
        manager.residentMib(),
        manager.proportionalMib(),
        manager.threads(),
        cpuNanos / 1e7 / seconds);
  }

  private void scrape(int port) throws Exception {
    HttpRequest metrics =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/metrics")).build();
    double[] millis = new double[SCRAPES];
    int bytes = 0;
    for (int i = 0; i < SCRAPES; i++) {
      long begin = System.nanoTime();
      HttpResponse<byte[]> answer = http.send(metrics, BodyHandlers.ofByteArray());
      millis[i] = (System.nanoTime() - begin) / 1e6;
      bytes = answer.body().length;
      if (answer.statusCode() != 200) {
        throw new IOException("/metrics was answered with " + answer.statusCode());
      }
    }
    double first = millis[0];
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "scrape of %d KiB: median %.1f ms, longest %.1f ms, first %.1f ms%n",
        bytes >> 10,
        millis[SCRAPES / 2],
        millis[SCRAPES - 1],
        first);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
