package dev.kcm.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Prints how much heap a cache of pods holds, after full collections.
 *
 * <p>Arguments: client (KCM, KCM_STREAM or FABRIC8), number of pods, whether they come with
 * managedFields, number of templates (0 for one each).
 */
final class HeapPerPod {

  private HeapPerPod() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    run(
        Client.valueOf(args[0]),
        Integer.parseInt(args[1]),
        new Pods(Boolean.parseBoolean(args[2]), Integer.parseInt(args[3])),
        String.join(" ", args));
  }

  /** Returns the bytes for each pod. */
  static double run(Client kind, int pods, Pods source, String title)
      throws IOException, InterruptedException {
    try (CannedServer few = server(kind, 1, source);
        CannedServer server = server(kind, pods, source)) {
      // Classes, tables and threads are not what a pod costs.
      EventCount one = new EventCount().expect(1);
      PodCache.start(kind, few, 1, one);
      one.await();
      long before = usedHeap();
      EventCount told = new EventCount().expect(pods);
      PodCache cache = PodCache.start(kind, server, 1, told);
      told.await();
      long after = usedHeap();
      double perPod = (after - before) / (double) pods;
      PrintStream out = System.out;
      out.printf(
          Locale.ROOT,
          "HeapPerPod %s: %d pods held, %.0f bytes of heap per pod, %d MiB used in all, largest heap"
              + " %d MiB%n",
          title,
          cache.size(),
          perPod,
          after >> 20,
          Runtime.getRuntime().maxMemory() >> 20);
      cache.close();
      return perPod;
    }
  }

  private static CannedServer server(Client kind, int pods, Pods source) throws IOException {
    return kind == Client.KCM_STREAM
        ? CannedServer.streaming(pods, source)
        : CannedServer.of(pods, source);
  }

  private static long usedHeap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(200);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
