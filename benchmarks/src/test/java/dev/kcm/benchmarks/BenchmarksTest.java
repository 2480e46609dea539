package dev.kcm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each benchmark does once what it measures, with little to do. */
class BenchmarksTest {

  @ParameterizedTest
  @EnumSource(Client.class)
  void listsPods(Client client) throws Exception {
    ListBenchmark benchmark = new ListBenchmark();
    benchmark.client = client;
    benchmark.pods = 50;
    benchmark.templates = 3;
    benchmark.serve();

    assertThat(benchmark.list()).isEqualTo(50);
    benchmark.end();
  }

  @ParameterizedTest
  @EnumSource(names = {"KCM", "FABRIC8"})
  void watchesPods(Client client) throws Exception {
    WatchBenchmark benchmark = new WatchBenchmark();
    benchmark.client = client;
    benchmark.pods = 20;
    benchmark.events = 50;
    benchmark.handlers = 2;
    benchmark.fill();
    benchmark.prepare();

    assertThat(benchmark.watch()).isEqualTo(51);
    benchmark.end();
  }

  @ParameterizedTest
  @EnumSource(names = {"KCM", "FABRIC8"})
  void looksPodsUp(Client client) throws Exception {
    IndexBenchmark benchmark = new IndexBenchmark();
    benchmark.client = client;
    benchmark.pods = 50;
    benchmark.fill();

    assertThat(benchmark.byKey()).isNotNull();
    assertThat((List<?>) benchmark.byNode()).isNotEmpty();
    assertThat((List<?>) benchmark.byOwner()).hasSize(10);
    benchmark.end();
  }

  @ParameterizedTest
  @EnumSource(QueueBenchmark.Kind.class)
  void worksOffAQueue(QueueBenchmark.Kind kind) throws Exception {
    QueueBenchmark benchmark = new QueueBenchmark();
    benchmark.queue = kind;
    benchmark.keys = 100;
    benchmark.prepare();

    assertThat(benchmark.addTakeDone()).isEqualTo(400);
    benchmark.end();
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void weighsPods(Client client) throws Exception {
    assertThat(HeapPerPod.run(client, 300, new Pods(true), "test")).isBetween(500.0, 200_000.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"KCM", "FABRIC8"})
  void timesIdleInformers(Client client) throws Exception {
    assertThat(IdleInformers.run(client, 3, 1)).isNotNegative();
  }

  @Test
  void nodesThatAreWellAreWrittenToByNobody() throws Exception {
    assertThat(NodeHeartbeats.run(20, 40, 1, 1)).isZero();
  }

  @Test
  void loadsTheEmbeddedServer() throws Exception {
    assertThat(EmbeddedServerLoad.writes(20, 2, 3, "test")).isEqualTo(20);
    assertThat(EmbeddedServerLoad.list(20)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"services 3 4 20 1, 20", "namespace 30, 30", "csrs 5, 5"})
  void loadsControllers(String args, int work) throws Exception {
    assertThat(ControllerLoads.run(args.split(" ", -1))).isEqualTo(work);
  }
}
