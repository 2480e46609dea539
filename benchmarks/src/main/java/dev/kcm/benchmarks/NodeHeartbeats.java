package dev.kcm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.kcm.controllers.node.nodeipam.ClusterRange;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.node.nodeipam.NodeIpamController;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleController;
import dev.kcm.controllers.node.tainteviction.TaintEvictionController;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.WatchList;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how much CPU time the controllers of nodes take while all nodes are well and send their
 * heartbeats: a lease every ten seconds, a report every five minutes. The server is another
 * process.
 *
 * <p>Arguments: nodes (5000), pods (10000), seconds of one measurement (60), measurements (3).
 */
public final class NodeHeartbeats {

  private static final String SERVE = "serve";
  private static final double MINUTE = 60;

  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private NodeHeartbeats(int port) {
    this.port = port;
  }

  /** Measures, or serves where the first argument says so. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals(SERVE)) {
      HeartbeatServer.serve(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      return;
    }
    run(
        argument(args, 0, 5000),
        argument(args, 1, 10_000),
        argument(args, 2, 60),
        argument(args, 3, 3));
    System.exit(0);
  }

  private static int argument(String[] args, int place, int otherwise) {
    return args.length > place ? Integer.parseInt(args[place]) : otherwise;
  }

  /** Returns how often the controllers wrote, which they have no reason to. */
  static int run(int nodes, int pods, int seconds, int times) throws Exception {
    Process server =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                NodeHeartbeats.class.getName(),
                SERVE,
                Integer.toString(nodes),
                Integer.toString(pods))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      return new NodeHeartbeats(Integer.parseInt(said.readLine())).measure(nodes, seconds, times);
    } finally {
      server.destroy();
    }
  }

  private int measure(int nodes, int seconds, int times) throws Exception {
    Environment environment = Environment.system();
    MeterRegistry meters = new SimpleMeterRegistry();
    String url = "http://127.0.0.1:" + port + "/";
    try (ApiClient api = KcmPodCache.client(url)) {
      Manager manager =
          Manager.named("bench")
              .controllers(
                  List.of(
                      NodeLifecycleController.spec(NodeLifecycleConfig.defaults()),
                      TaintEvictionController.spec(),
                      NodeIpamController.spec(
                          new NodeIpamConfig(
                              List.of(new ClusterRange("10.0.0.0/8", 24)), List.of()))))
              .selecting(spec -> true)
              .clients(identity -> KcmPodCache.client(url))
              .informers(Informers.create(api, environment, meters, Duration.ZERO, WatchList.OFF))
              .meters(meters)
              .create(environment);
      manager.start();
      while (asked()[0] < 3) {
        Thread.sleep(20);
      }
      awaitQuiet(Math.min(5, seconds));
      // What start-up left behind: compilation, threads that end when idle.
      Thread.sleep(Math.min(30, seconds) * 1000L);
      for (int i = 0; i < times; i++) {
        print(nodes, seconds);
      }
      var unused = manager.stop(Duration.ofSeconds(5)).join();
      return asked()[1];
    }
  }

  /** Nodes are announced by events, as many as the recorder takes at once. */
  private void awaitQuiet(int pause) throws IOException, InterruptedException {
    int before = -1;
    for (int events = asked()[3]; events != before; events = asked()[3]) {
      before = events;
      Thread.sleep(pause * 1000L);
    }
  }

  private void print(int nodes, int seconds) throws IOException, InterruptedException {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    int sentBefore = asked()[2];
    long before = process.getProcessCpuTime();
    Thread.sleep(seconds * 1000L);
    double millis = (process.getProcessCpuTime() - before) / 1e6;
    int[] after = asked();
    int sent = after[2] - sentBefore;
    System.out.printf(
        Locale.ROOT,
        "%d nodes: %.0f ms of CPU time in a minute, %.0f us for each of %.0f heartbeats in a"
            + " second; writes: %d%n",
        nodes,
        millis * MINUTE / seconds,
        millis * 1000 / Math.max(1, sent),
        (double) sent / seconds,
        after[1]);
  }

  /** Watches, writes, heartbeats and events the server has seen. */
  private int[] asked() throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + "/bench");
    String answer =
        http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return Arrays.stream(answer.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
