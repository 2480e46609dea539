package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@DisplayName("Writers and watchers on many threads")
class ApiServerConcurrencyTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final int WRITERS = 4;
  private static final int WRITES = 300;
  private static final int NAMES = 7;

  /** Remembers events, and that no two came at once. */
  private static final class OrderedSink implements WatchSink {
    private final List<WatchEvent> events = new ArrayList<>();
    private Thread inside;
    private boolean overlapped;

    @Override
    public void event(WatchEvent event) {
      overlapped |= inside != null;
      inside = Thread.currentThread();
      events.add(event);
      inside = null;
    }

    @Override
    public void closed() {}
  }

  @RepeatedTest(3)
  void everyWatcherSeesEveryChangeOnceAndInOrder() throws Exception {
    try (Cluster cluster = new Cluster()) {
      List<OrderedSink> sinks = new ArrayList<>();
      sinks.add(watch(cluster));
      run(cluster, sinks);
      for (OrderedSink sink : sinks) {
        assertThat(sink.overlapped).isFalse();
        assertOrderedAndComplete(sink, cluster);
      }
      assertThat(revisions(sinks.get(0))).isNotEmpty().doesNotHaveDuplicates();
    }
  }

  private static OrderedSink watch(Cluster cluster) {
    OrderedSink sink = new OrderedSink();
    cluster.server.watch(Cluster.request("WATCH", MAPS, null, ""), sink);
    return sink;
  }

  private static void run(Cluster cluster, List<OrderedSink> sinks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1);
    try {
      List<Callable<List<OrderedSink>>> jobs = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int seed = writer;
        jobs.add(
            () -> {
              write(cluster, new Random(seed));
              return List.of();
            });
      }
      jobs.add(() -> List.of(watch(cluster), watch(cluster), watch(cluster)));
      for (Future<List<OrderedSink>> job : threads.invokeAll(jobs)) {
        sinks.addAll(job.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void write(Cluster cluster, Random random) {
    for (int i = 0; i < WRITES; i++) {
      String name = "m" + random.nextInt(NAMES);
      try {
        switch (random.nextInt(4)) {
          case 0 -> cluster.post(MAPS, "{metadata:{name:'" + name + "'}}");
          case 1 -> cluster.delete(MAPS + "/" + name);
          default -> cluster.patch(MAPS + "/" + name, "{data:{k:'" + random.nextInt() + "'}}");
        }
      } catch (StatusException e) {
        assertThat(e.reason()).isIn("NotFound", "AlreadyExists");
      }
    }
  }

  private static List<Long> revisions(OrderedSink sink) {
    return sink.events.stream()
        .map(event -> Long.valueOf(Meta.resourceVersion(event.object())))
        .toList();
  }

  /** Replays the events and compares with the list; the state comes first, sorted by name. */
  private static void assertOrderedAndComplete(OrderedSink sink, Cluster cluster) {
    Map<String, String> state = new HashMap<>();
    for (WatchEvent event : sink.events) {
      String name = Meta.name(event.object());
      switch (event.type()) {
        case ADDED -> assertThat(state.put(name, Meta.resourceVersion(event.object()))).isNull();
        case MODIFIED ->
            assertThat(Long.parseLong(state.put(name, Meta.resourceVersion(event.object()))))
                .isLessThan(Long.parseLong(Meta.resourceVersion(event.object())));
        case DELETED -> assertThat(state.remove(name)).isNotNull();
        default -> throw new AssertionError(event);
      }
    }
    Map<String, String> listed = new HashMap<>();
    for (JsonNode item : cluster.get(MAPS).path("items")) {
      listed.put(Meta.name(item), Meta.resourceVersion(item));
    }
    assertThat(state).isEqualTo(listed);
  }

  @Test
  void losesNoIncrementUnderOptimisticLocking() throws Exception {
    try (Cluster cluster = new Cluster()) {
      cluster.post(MAPS, "{metadata:{name:'count'},data:{n:'0'}}");
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      try {
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
          jobs.add(() -> increment(cluster));
        }
        for (Future<Integer> job : threads.invokeAll(jobs)) {
          assertThat(job.get()).isEqualTo(100);
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(cluster.get(MAPS + "/count").at("/data/n").asText())
          .isEqualTo(Integer.toString(WRITERS * 100));
    }
  }

  private static int increment(Cluster cluster) {
    int done = 0;
    while (done < 100) {
      JsonNode current = cluster.get(MAPS + "/count");
      int next = current.at("/data/n").asInt() + 1;
      try {
        cluster.put(MAPS + "/count", Cluster.edit(current, "{data:{n:'" + next + "'}}"));
        done++;
      } catch (StatusException e) {
        assertThat(e.reason()).isEqualTo("Conflict");
      }
    }
    return done;
  }
}
