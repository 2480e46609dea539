package dev.kcm.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Runs {@link QueueBenchmark} with both queues in turn, in one process, and prints how their
 * medians compare. On a machine that others use as well, two numbers taken minutes apart say little
 * about each other; two taken within a tenth of a second do. The time is that of the threads that
 * add and take, so neither compiler nor collector counts.
 *
 * <p>Arguments: keys for each producer (100000), measured rounds (30), rounds to warm up (10).
 *
 * <p>Confined to the main thread.
 */
public final class QueuePairs {

  private static final double NANOS_PER_MILLI = 1e6;

  private final int keys;
  private final int rounds;
  private final int warmUp;

  private QueuePairs(int keys, int rounds, int warmUp) {
    this.keys = keys;
    this.rounds = rounds;
    this.warmUp = warmUp;
  }

  /** Measures distinct keys first, then keys that all producers share. */
  public static void main(String[] arguments) throws Exception {
    QueuePairs pairs =
        new QueuePairs(
            argument(arguments, 0, 100_000),
            argument(arguments, 1, 30),
            argument(arguments, 2, 10));
    pairs.measure(false);
    pairs.measure(true);
  }

  private static int argument(String[] arguments, int place, int otherwise) {
    return arguments.length > place ? Integer.parseInt(arguments[place]) : otherwise;
  }

  private void measure(boolean shared) throws Exception {
    Map<QueueBenchmark.Kind, double[]> wall = new EnumMap<>(QueueBenchmark.Kind.class);
    Map<QueueBenchmark.Kind, double[]> cpu = new EnumMap<>(QueueBenchmark.Kind.class);
    QueueBenchmark benchmark = new QueueBenchmark();
    benchmark.keys = keys;
    benchmark.shared = shared;
    benchmark.prepare();
    for (int round = -warmUp; round < rounds; round++) {
      for (QueueBenchmark.Kind kind : QueueBenchmark.Kind.values()) {
        benchmark.queue = kind;
        System.gc();
        long cpuBefore = threadNanos();
        long before = System.nanoTime();
        benchmark.addTakeDone();
        if (round >= 0) {
          put(wall, kind, round, System.nanoTime() - before);
          put(cpu, kind, round, threadNanos() - cpuBefore);
        }
      }
    }
    benchmark.end();
    print(shared, "wall", wall);
    print(shared, "CPU", cpu);
  }

  private void put(
      Map<QueueBenchmark.Kind, double[]> times, QueueBenchmark.Kind kind, int round, long nanos) {
    times.computeIfAbsent(kind, absent -> new double[rounds])[round] = nanos / NANOS_PER_MILLI;
  }

  private static long threadNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getAllThreadIds())
        .map(threads::getThreadCpuTime)
        .filter(nanos -> nanos > 0)
        .sum();
  }

  private static void print(boolean shared, String what, Map<QueueBenchmark.Kind, double[]> times) {
    double ours = median(times, QueueBenchmark.Kind.KCM);
    double theirs = median(times, QueueBenchmark.Kind.CLIENT_JAVA);
    System.out.printf(
        "%s keys, %s: ours %.1f ms, client-java %.1f ms, %.2f times as fast%n",
        shared ? "shared" : "distinct", what, ours, theirs, theirs / ours);
  }

  private static double median(Map<QueueBenchmark.Kind, double[]> times, QueueBenchmark.Kind kind) {
    double[] sorted = times.getOrDefault(kind, new double[1]).clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
