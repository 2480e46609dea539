package dev.kcm.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Reading the cache. Not thread-safe; JMH runs it on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseParallelGC"})
public class IndexBenchmark {

  /** Who keeps the cache. */
  @Param({"KCM", "FABRIC8"})
  Client client = Client.KCM;

  /** Pods in the cache: 500 nodes, 10 to an owner. */
  @Param("10000")
  int pods;

  private CannedServer server;
  private PodCache cache;
  private int next;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() throws IOException, InterruptedException {
    server = CannedServer.of(pods, new Pods(true));
    EventCount told = new EventCount().expect(pods);
    cache = PodCache.start(client, server, 1, told);
    told.await();
    keys = new String[pods];
    for (int i = 0; i < pods; i++) {
      keys[i] = Pods.name(i);
      namespaces[i % namespaces.length] = Pods.namespace(i % namespaces.length);
    }
  }

  private String[] keys = {};
  private final String[] namespaces = new String[50];

  private int next() {
    next = next + 7919 < pods ? next + 7919 : (next + 7919) % pods;
    return next;
  }

  /** One pod by its key. */
  @Benchmark
  public Object byKey() {
    int pod = next();
    return cache.get(namespaces[pod % namespaces.length], keys[pod]);
  }

  /** The pods of one node: one in 500. */
  @Benchmark
  public Object byNode() {
    return cache.byIndex(PodCache.BY_NODE, Pods.node(next()));
  }

  /** The ten pods of one owner. */
  @Benchmark
  public Object byOwner() {
    return cache.byIndex(PodCache.BY_OWNER, Pods.ownerUid(next()));
  }

  /** Ends both sides. */
  @TearDown(Level.Trial)
  public void end() throws IOException {
    cache.close();
    server.close();
  }
}
