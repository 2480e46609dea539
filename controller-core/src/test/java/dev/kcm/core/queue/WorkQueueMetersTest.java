package dev.kcm.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.metrics.UpstreamText;
import dev.kcm.core.time.VirtualEnvironment;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The series of a queue, compared with upstream's text. */
final class WorkQueueMetersTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  @DisplayName("T-59 all series exist with zero once the queue is made")
  void seriesExistFromConstruction() throws IOException {
    queue("daemonset");
    assertThat(scrape()).isEqualTo(golden("workqueue-zero.txt"));
  }

  @Test
  @DisplayName("T-59 a scripted sequence gives upstream's text, and the depth returns to zero")
  void scriptedSequenceGivesUpstreamsText() throws IOException {
    WorkQueue<String> queue = queue("daemonset");
    queue.add("a");
    queue.add("a");
    environment.advance(Duration.ofNanos(9_999));
    WorkQueue.Item<String> a = queue.poll().orElseThrow();
    queue.add("a");
    queue.add("a");
    assertThat(scrape()).contains("workqueue_depth{name=\"daemonset\"} 1");
    queue.addAfter("b", Duration.ofMillis(250));
    queue.addAfter("c", Duration.ZERO);
    queue.addRateLimited("d");
    environment.advance(Duration.ofMillis(250));
    WorkQueue.Item<String> c = queue.poll().orElseThrow();
    environment.advance(Duration.ofMillis(750));
    assertThat(scrape())
        .contains(
            "workqueue_depth{name=\"daemonset\"} 3",
            "workqueue_unfinished_work_seconds{name=\"daemonset\"} 1.75",
            "workqueue_longest_running_processor_seconds{name=\"daemonset\"} 1");
    a.close();
    c.close();
    for (int i = 0; i < 3; i++) {
      queue.poll().orElseThrow().close();
    }
    assertThat(queue.poll()).isEmpty();
    assertThat(scrape()).isEqualTo(golden("workqueue-scripted.txt"));
  }

  @Test
  void seriesAreRemovedWhenTheQueueHasEnded() {
    WorkQueue<String> queue = queue("daemonset");
    queue.add("a");
    WorkQueue.Item<String> a = queue.poll().orElseThrow();
    queue.shutDown();
    assertThat(scrape()).isNotEmpty();
    a.close();
    assertThat(scrape()).isEmpty();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void seriesAreRemovedWhenADrainTimesOut() {
    WorkQueue<String> queue = queue("daemonset");
    queue.add("a");
    WorkQueue.Item<String> a = queue.poll().orElseThrow();
    CompletableFuture<List<String>> drained = queue.drainAsync(Duration.ofSeconds(5));
    environment.advance(Duration.ofSeconds(5));
    assertThat(drained).isCompletedWithValue(List.of("a"));
    assertThat(registry.getMeters()).isEmpty();
    a.close();
  }

  @Test
  void queuesOfOneNameShareTheirSeries() {
    WorkQueue<String> first = queue("daemonset");
    WorkQueue<String> second = queue("daemonset");
    first.add("a");
    second.add("a");
    second.add("b");
    assertThat(scrape())
        .contains(
            "workqueue_adds_total{name=\"daemonset\"} 3", "workqueue_depth{name=\"daemonset\"} 3");
    first.poll().orElseThrow().close();
    first.shutDown();
    assertThat(scrape()).contains("workqueue_depth{name=\"daemonset\"} 2");
    second.poll().orElseThrow().close();
    second.poll().orElseThrow().close();
    second.shutDown();
    assertThat(scrape()).isEmpty();
    queue("daemonset");
    assertThat(scrape()).contains("workqueue_adds_total{name=\"daemonset\"} 0");
  }

  @Test
  void queuesThatComeAndGoAtTheSameTimeLeaveNothingBehind() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> lives = new ArrayList<>();
      for (int life = 0; life < 2_000; life++) {
        lives.add(threads.submit(() -> queue("daemonset").shutDown()));
      }
      for (Future<?> life : lives) {
        life.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  @DisplayName("WQ-20 queues of different registries share nothing, those of a composite do")
  void seriesLiveWithTheirRegistry() {
    SimpleMeterRegistry part = new SimpleMeterRegistry();
    CompositeMeterRegistry composite = new CompositeMeterRegistry().add(part);
    WorkQueues.named("daemonset").meters(composite).<String>create(environment).add("a");
    WorkQueue<String> second = WorkQueues.named("daemonset").meters(composite).create(environment);
    second.add("b");
    queue("daemonset").add("c");
    assertThat(part.get("workqueue_depth").tag("name", "daemonset").gauge().value()).isEqualTo(2);
    assertThat(scrape()).contains("workqueue_depth{name=\"daemonset\"} 1");
  }

  @Test
  void aQueueWithoutANameHasNoSeries() {
    WorkQueue<String> queue = WorkQueues.unnamed().meters(registry).create(environment);
    queue.add("a");
    assertThat(registry.getMeters()).isEmpty();
  }

  private WorkQueue<String> queue(String name) {
    return WorkQueues.named(name).meters(registry).create(environment);
  }

  private List<String> scrape() {
    return UpstreamText.of(registry, "workqueue_");
  }

  private static List<String> golden(String name) throws IOException {
    try (InputStream text = WorkQueueMetersTest.class.getResourceAsStream(name)) {
      assertThat(text).as(name).isNotNull();
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
