package dev.kcm.benchmarks;

import dev.kcm.embedded.boot.EmbeddedCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;

/**
 * Prints what the embedded server carries, over HTTPS, clients in the same process.
 *
 * <p>{@code writes PODS CLIENTS WATCHES}: creates pods while watches follow, once to warm up and
 * once measured. {@code list PODS}: fills the server, prints the heap, reads everything. {@code
 * start ROUNDS}: from start to ready, in this process and as a process of its own.
 */
final class EmbeddedServerLoad {

  private static final PrintStream OUT = System.out;
  private static final int PATIENCE_SECONDS = 110;

  private EmbeddedServerLoad() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "writes" -> {
        int pods = number(args, 1);
        // The compiler's work is not the server's.
        writes(pods, number(args, 2), 1, "warm-up");
        writes(pods, number(args, 2), number(args, 3), "writes");
      }
      case "list" -> list(number(args, 1));
      case "start" -> {
        startHere(number(args, 1));
        startProcess(number(args, 1));
      }
      default -> throw new IllegalArgumentException("writes, list or start, not " + args[0]);
    }
  }

  private static int number(String[] args, int index) {
    return Integer.parseInt(args[index]);
  }

  /** Returns the number of pods that were created and seen by all watches. */
  static int writes(int pods, int clients, int watches, String title) throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(0).start()) {
      SSLContext tls = cluster.pki().clientContext(cluster.pki().admin());
      CountDownLatch seen = new CountDownLatch(watches);
      List<WatchLag> open = new ArrayList<>();
      for (int i = 0; i < watches; i++) {
        open.add(WatchLag.open(cluster.url(), tls, pods, seen));
      }
      long cpu = processCpu();
      long begin = System.nanoTime();
      create(cluster.url(), tls, pods, clients);
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (!seen.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(seen.getCount() + " watches have not seen everything");
      }
      double all = (System.nanoTime() - begin) / 1e9;
      long[] lags =
          open.stream().flatMapToLong(watch -> LongStream.of(watch.lags())).sorted().toArray();
      OUT.printf(
          Locale.ROOT,
          "EmbeddedServerLoad %s: %d pods, %d clients, %d watches: %.0f creates/s, all seen after"
              + " %.2f s (%.0f events/s), lag p50 %.1f ms, p99 %.1f ms, CPU %.2f ms per pod%n",
          title,
          pods,
          clients,
          watches,
          pods / seconds,
          all,
          watches * (double) pods / all,
          lags[lags.length / 2] / 1e6,
          lags[lags.length - 1 - lags.length / 100] / 1e6,
          (processCpu() - cpu) / 1e6 / pods);
      return lags.length / watches;
    }
  }

  private static void create(URI url, SSLContext tls, int pods, int clients) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      running.add(
          threads.submit(
              () -> {
                HttpClient client = client(tls);
                for (int n = next.getAndIncrement(); n < pods; n = next.getAndIncrement()) {
                  create(client, url, n);
                }
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
    threads.shutdown();
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  private static void create(HttpClient client, URI url, int number)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/api/v1/namespaces/default/pods"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(pod(number, System.nanoTime())))
            .build();
    HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
    if (answer.statusCode() != 201) {
      throw new IOException("pod " + number + " was answered with " + answer.statusCode());
    }
  }

  private static String pod(int number, long sent) {
    String owner = Pods.ownerUid(number);
    return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"web-%d",\
        "pod-template-hash":"66fd874bff","sent":"%d"},"ownerReferences":[{"apiVersion":"apps/v1",\
        "kind":"ReplicaSet","name":"web-66fd874bff","uid":"%s","controller":true,\
        "blockOwnerDeletion":true}]},"spec":{"schedulerName":"none",\
        "containers":[{"name":"web",\
        "image":"registry.example.com/shop/web:1.4.%d","ports":[{"containerPort":8080}],\
        "env":[{"name":"LOG","value":"info"}],"resources":{"requests":{"cpu":"100m",\
        "memory":"128Mi"},"limits":{"memory":"256Mi"}}}]}}
        """
        .formatted(Pods.name(number), number % 200, sent, owner, number % 20);
  }

  /** Returns the bytes of heap for each pod; small numbers of pods say little. */
  static double list(int pods) throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(0).start()) {
      SSLContext tls = cluster.pki().clientContext(cluster.pki().admin());
      long before = usedHeap();
      create(cluster.url(), tls, pods, 4);
      double perPod = (usedHeap() - before) / (double) pods;
      OUT.printf(
          Locale.ROOT,
          "EmbeddedServerLoad heap: %d pods, %.0f bytes of heap per pod with its event, %d MiB used"
              + " in all, largest heap %d MiB%n",
          pods,
          perPod,
          usedHeap() >> 20,
          Runtime.getRuntime().maxMemory() >> 20);
      HttpClient client = client(tls);
      for (String query : List.of("?limit=500", "?resourceVersion=0", "")) {
        read(client, cluster.url(), query, pods);
      }
      return perPod;
    }
  }

  private static void read(HttpClient client, URI url, String query, int pods) throws Exception {
    long begin = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/v1/pods" + query)).build();
    long bytes = 0;
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      byte[] buffer = new byte[64 * 1024];
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        bytes += read;
      }
    }
    OUT.printf(
        Locale.ROOT,
        "EmbeddedServerLoad list: /api/v1/pods%s of %d pods: %d KiB in %.0f ms%n",
        query,
        pods,
        bytes >> 10,
        (System.nanoTime() - begin) / 1e6);
  }

  private static void startHere(int rounds) throws IOException {
    double[] millis = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      try (EmbeddedCluster cluster = EmbeddedCluster.builder().start()) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
        if (cluster.url().getPort() == 0) {
          throw new IllegalStateException("no port");
        }
      }
    }
    double first = millis[0];
    Arrays.sort(millis);
    OUT.printf(
        Locale.ROOT,
        "EmbeddedServerLoad start: first %.0f ms, then median %.0f ms of %d rounds%n",
        first,
        millis[rounds / 2],
        rounds);
  }

  private static void startProcess(int rounds) throws IOException {
    double[] millis = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long begin = System.nanoTime();
      Process process =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/java",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.kcm.embedded.boot.Main",
                  "--port=0",
                  "--data-dir=" + java.nio.file.Files.createTempDirectory("load"))
              .redirectErrorStream(true)
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine();
            line != null && !line.contains("ready");
            line = lines.readLine()) {
          OUT.println(line);
        }
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
      process.destroyForcibly();
    }
    Arrays.sort(millis);
    OUT.printf(
        Locale.ROOT,
        "EmbeddedServerLoad process: ready after %.0f ms, median of %d%n",
        millis[rounds / 2],
        rounds);
  }

  private static long processCpu() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private static long usedHeap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
