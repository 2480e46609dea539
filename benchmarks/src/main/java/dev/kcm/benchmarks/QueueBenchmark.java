package dev.kcm.benchmarks;

import dev.kcm.core.queue.WorkQueue;
import dev.kcm.core.queue.WorkQueues;
import dev.kcm.core.time.Environment;
import io.kubernetes.client.extended.workqueue.DefaultRateLimitingQueue;
import io.kubernetes.client.extended.workqueue.RateLimitingQueue;
import io.kubernetes.client.extended.workqueue.ratelimiter.ItemExponentialFailureRateLimiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * Four producers add keys, eight workers take them and say that they are done: until all are done.
 * Not thread-safe; JMH runs it on one thread, which starts the others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 12)
@Fork(value = 2)
public class QueueBenchmark {

  private static final int PRODUCERS = 4;
  private static final int WORKERS = 8;

  /** Whose queue. */
  @Param({"KCM", "CLIENT_JAVA"})
  Kind queue = Kind.KCM;

  /** Keys that each producer adds. */
  @Param("100000")
  int keys;

  /** Whether producers add the same keys, so that most adds find the key already waiting. */
  @Param({"false", "true"})
  boolean shared;

  private ExecutorService threads;
  private String[][] given = {};

  /** Whose queue. */
  public enum Kind {
    /** Ours. */
    KCM,
    /** client-java's DefaultRateLimitingQueue. */
    CLIENT_JAVA
  }

  /** Both queues as producers and workers see them. */
  private interface Queue {
    void add(String key);

    /** Takes one key and finishes it; false when the queue is shut down and empty. */
    boolean work() throws InterruptedException;

    void shutDown();
  }

  /** Starts the threads and names the keys. */
  @Setup(Level.Trial)
  public void prepare() {
    threads = Executors.newFixedThreadPool(PRODUCERS + WORKERS);
    given = new String[PRODUCERS][keys];
    for (int p = 0; p < PRODUCERS; p++) {
      for (int i = 0; i < keys; i++) {
        given[p][i] = Pods.namespace(i) + "/" + Pods.name(shared ? i % 100 : p * keys + i);
      }
    }
  }

  /** Adds all keys and works on them. */
  @Benchmark
  public long addTakeDone() throws Exception {
    Queue subject = queue == Kind.KCM ? kcm() : clientJava();
    List<Future<?>> producers = new ArrayList<>();
    List<Future<Long>> workers = new ArrayList<>();
    for (int w = 0; w < WORKERS; w++) {
      workers.add(
          threads.submit(
              () -> {
                long done = 0;
                while (subject.work()) {
                  done++;
                }
                return done;
              }));
    }
    for (String[] mine : given) {
      producers.add(
          threads.submit(
              () -> {
                for (String key : mine) {
                  subject.add(key);
                }
              }));
    }
    for (Future<?> producer : producers) {
      producer.get();
    }
    subject.shutDown();
    long done = 0;
    for (Future<Long> worker : workers) {
      done += worker.get();
    }
    return done;
  }

  private static Queue kcm() {
    WorkQueue<String> queue = WorkQueues.unnamed().create(Environment.system());
    return new Queue() {
      @Override
      public void add(String key) {
        queue.add(key);
      }

      @Override
      public boolean work() throws InterruptedException {
        Optional<WorkQueue.Item<String>> item = queue.take();
        item.ifPresent(WorkQueue.Item::close);
        return item.isPresent();
      }

      @Override
      public void shutDown() {
        queue.shutDown();
      }
    };
  }

  private static Queue clientJava() {
    ExecutorService delays = Executors.newSingleThreadExecutor();
    RateLimitingQueue<String> queue =
        new DefaultRateLimitingQueue<>(
            delays,
            new ItemExponentialFailureRateLimiter<>(
                Duration.ofMillis(5), Duration.ofSeconds(1000)));
    return new Queue() {
      @Override
      public void add(String key) {
        queue.add(key);
      }

      @Override
      public boolean work() throws InterruptedException {
        String key = queue.get();
        if (key == null) {
          return false;
        }
        queue.done(key);
        return true;
      }

      @Override
      public void shutDown() {
        queue.shutDown();
        delays.shutdownNow();
      }
    };
  }

  /** Ends the threads. */
  @TearDown(Level.Trial)
  public void end() {
    threads.shutdownNow();
  }
}
