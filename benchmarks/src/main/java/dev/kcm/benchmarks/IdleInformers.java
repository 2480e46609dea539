package dev.kcm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.kcm.core.api.ApiClient;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints how much CPU time informers take of whom nothing is asked and to whom nothing is sent.
 *
 * <p>Arguments: client (KCM or FABRIC8), number of informers, seconds.
 */
final class IdleInformers {

  private IdleInformers() {}

  public static void main(String[] args) throws Exception {
    run(Client.valueOf(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
  }

  /** Returns the CPU time in milliseconds. */
  static long run(Client client, int count, int seconds) throws Exception {
    try (CannedServer server = CannedServer.of(1, new Pods(true))) {
      AutoCloseable informers =
          client == Client.FABRIC8 ? fabric8(server, count) : kcm(server, count);
      while (server.watches() < count) {
        Thread.sleep(10);
      }
      // What start-up left behind: compilation, threads that end when idle.
      Thread.sleep(Math.min(seconds, 15) * 1000L);
      long millis = cpuMillis(seconds);
      PrintStream out = System.out;
      out.printf(
          Locale.ROOT,
          "%s: %d idle informers: %d ms of CPU time in %d s, %d threads, of which the server has"
              + " one for each connection%n",
          client,
          count,
          millis,
          seconds,
          ManagementFactory.getThreadMXBean().getThreadCount());
      informers.close();
      return millis;
    }
  }

  private static long cpuMillis(int seconds) throws InterruptedException {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long before = process.getProcessCpuTime();
    Thread.sleep(seconds * 1000L);
    return (process.getProcessCpuTime() - before) / 1_000_000;
  }

  private static AutoCloseable kcm(CannedServer server, int count) throws IOException {
    ApiClient api = KcmPodCache.client(server.url());
    Informers informers = Informers.create(api, Environment.system(), new SimpleMeterRegistry());
    for (int i = 0; i < count; i++) {
      informers.get(ResourceType.of(Pod.class), Selection.namespace("ns-" + i));
    }
    informers.start();
    return () -> {
      informers.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
      api.close();
    };
  }

  private static AutoCloseable fabric8(CannedServer server, int count) throws IOException {
    KubernetesClient client = Fabric8PodCache.client(server.url());
    for (int i = 0; i < count; i++) {
      client.pods().inNamespace("ns-" + i).inform();
    }
    return client;
  }
}
