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

/**
 * From the first byte of a burst of watch events until each has changed the store and its indexes
 * and has been told to every handler. Not thread-safe; JMH runs it on one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 8)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC", "-XX:MaxDirectMemorySize=4g"})
public class WatchBenchmark {

  /** Who keeps the cache. */
  @Param({"KCM", "FABRIC8"})
  Client client = Client.KCM;

  /** Pods in the cache; the events go round them. */
  @Param("5000")
  int pods;

  /** Events of a burst. */
  @Param("20000")
  int events;

  /** Handlers that are told. */
  @Param({"1", "10"})
  int handlers;

  private final Pods source = new Pods(true);
  private final EventCount told = new EventCount();
  private CannedServer server;
  private PodCache cache;
  private OffHeap burst;
  private int version;

  /** Fills the cache. */
  @Setup(Level.Trial)
  public void fill() throws IOException, InterruptedException {
    server = CannedServer.of(pods, source);
    told.expect((long) pods * handlers);
    cache = PodCache.start(client, server, handlers, told);
    told.await();
    while (server.watches() == 0) {
      Thread.onSpinWait();
    }
    version = 1;
  }

  /** Prepares a burst whose resourceVersions go on where the last one ended. */
  @Setup(Level.Invocation)
  public void prepare() {
    burst = new OffHeap();
    for (int i = 0; i < events; i++) {
      burst.addChunk(source.event("MODIFIED", i % pods, ++version));
    }
    told.expect((long) events * handlers);
  }

  /** Sends the burst and waits until all has been told. */
  @Benchmark
  public int watch() throws IOException, InterruptedException {
    server.send(burst);
    told.await();
    return version;
  }

  /** Ends both sides. */
  @TearDown(Level.Trial)
  public void end() throws IOException {
    cache.close();
    server.close();
  }
}
