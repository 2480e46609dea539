package dev.kcm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs once, with little to do. */
class BenchmarksTest {

  @ParameterizedTest
  @CsvSource({
    "ListBenchmark, 3",
    "WatchBenchmark, 4",
    "IndexBenchmark, 6",
    "QueueBenchmark, 4",
  })
  void runsEachBenchmark(String name, int variants) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + name + "\\.")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(10))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    if (name.startsWith("Queue")) {
      options.param("keys", "100");
    } else {
      options.param("pods", "50");
    }
    if (name.startsWith("Watch")) {
      options.param("events", "100");
    }

    Collection<RunResult> results = new Runner(options.build()).run();

    assertThat(results).hasSize(variants);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void weighsPods(Client kind) throws Exception {
    assertThat(HeapPerPod.run(kind, 500, true)).isBetween(1000.0, 200_000.0);
  }

  @Test
  void timesIdleInformers() throws Exception {
    assertThat(IdleInformers.run(Client.KCM, 3, 1)).isNotNegative();
    assertThat(IdleInformers.run(Client.FABRIC8, 3, 1)).isNotNegative();
  }
}
