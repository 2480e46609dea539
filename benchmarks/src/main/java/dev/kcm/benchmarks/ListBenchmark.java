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
 * From the request for a list until every pod of it is in the store, in two indexes, and told to a
 * handler. Not thread-safe; JMH runs it on one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseParallelGC", "-XX:MaxDirectMemorySize=4g"})
public class ListBenchmark {

  /** Who keeps the cache. */
  @Param({"KCM", "KCM_STREAM", "FABRIC8"})
  Client client = Client.KCM;

  /** Pods in the list. */
  @Param("50000")
  int pods;

  /** Whether they come with managedFields, as from a real server. */
  @Param("true")
  boolean managedFields;

  /** Templates the pods are made from. */
  @Param("200")
  int templates;

  private CannedServer server;

  /** Prepares the bytes. */
  @Setup(Level.Trial)
  public void serve() throws IOException {
    Pods source = new Pods(managedFields, templates);
    server =
        client == Client.KCM_STREAM
            ? CannedServer.streaming(pods, source)
            : CannedServer.of(pods, source);
  }

  /** Lets no list pay for the garbage of the one before. */
  @Setup(Level.Invocation)
  public void collect() {
    System.gc();
  }

  /** Lists all pods. */
  @Benchmark
  public int list() throws IOException, InterruptedException {
    EventCount told = new EventCount().expect(pods);
    try (PodCache cache = PodCache.start(client, server, 1, told)) {
      told.await();
      return cache.size();
    }
  }

  /** Ends the server. */
  @TearDown(Level.Trial)
  public void end() throws IOException {
    server.close();
  }
}
