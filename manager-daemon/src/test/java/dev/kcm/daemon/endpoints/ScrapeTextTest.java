package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.metrics.ScrapeNames;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ScrapeTextTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void writesTheQueueSeriesAsTheyWereRecorded() throws IOException {
    String recorded;
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/metrics/workqueue.txt"))) {
      recorded = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(
            ScrapeText.of(RecordedScrape.read(recorded.lines().toList()), ScrapeNames.of(registry)))
        .isEqualTo(recorded);
  }

  @Test
  void givesTheQueueBoundsOfATimerBackAsTheyWereRegistered() {
    Timer.builder("workqueue_work_duration_seconds")
        .tag("name", "job")
        .serviceLevelObjectives(
            DoubleStream.of(Buckets.workQueueSeconds())
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new))
        .register(registry)
        .record(Duration.ofMillis(4));

    assertThat(text())
        .isEqualTo(
            """
            # HELP workqueue_work_duration_seconds \s
            # TYPE workqueue_work_duration_seconds histogram
            workqueue_work_duration_seconds_bucket{name="job",le="1e-08"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="1e-07"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="1e-06"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="9.999999999999999e-06"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="9.999999999999999e-05"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="0.001"} 0
            workqueue_work_duration_seconds_bucket{name="job",le="0.01"} 1
            workqueue_work_duration_seconds_bucket{name="job",le="0.1"} 1
            workqueue_work_duration_seconds_bucket{name="job",le="1"} 1
            workqueue_work_duration_seconds_bucket{name="job",le="10"} 1
            workqueue_work_duration_seconds_bucket{name="job",le="+Inf"} 1
            workqueue_work_duration_seconds_sum{name="job"} 0.004
            workqueue_work_duration_seconds_count{name="job"} 1
            """);
  }

  @Test
  void escapesHelpAndLabelValues() {
    Gauge.builder("odd", () -> 1.5)
        .description("a \\ and a \"quote\"\nand a line")
        .tag("path", "C:\\x \"y\"\nz")
        .tag("empty", "")
        .register(registry);

    assertThat(text())
        .isEqualTo(
            """
            # HELP odd a \\\\ and a "quote"\\nand a line
            # TYPE odd gauge
            odd{empty="",path="C:\\\\x \\"y\\"\\nz"} 1.5
            """);
  }

  @Test
  void writesSumAndCountOfSummaries() {
    DistributionSummary.builder("size").tag("z", "1").register(registry).record(3_000_000);

    assertThat(text())
        .isEqualTo(
            """
            # HELP size \s
            # TYPE size summary
            size_sum{z="1"} 3e+06
            size_count{z="1"} 1
            """);
  }

  @Test
  void writesTotalsOfCountersAndNothingAboutTheirCreation() {
    registry.counter("writes_total").increment(2);

    assertThat(text().lines().toList())
        .containsExactly("# HELP writes_total  ", "# TYPE writes_total counter", "writes_total 2");
  }

  @Test
  void writesCountersWithoutTheEndingThatUpstreamLeavesOut() {
    MeterGroup group = MeterGroup.in(registry, Tags.of("operation", "create"));
    group.counter("endpoint_slice_controller_changes", "[ALPHA] Number of EndpointSlice changes");
    registry.counter("jvm.classes.unloaded").increment();

    assertThat(text().lines().filter(line -> !line.startsWith("# HELP")))
        .containsExactly(
            "# TYPE endpoint_slice_controller_changes counter",
            "endpoint_slice_controller_changes{operation=\"create\"} 0",
            "# TYPE jvm_classes_unloaded_total counter",
            "jvm_classes_unloaded_total 1");
  }

  @Test
  void writesHistogramsWithoutAUnitWithTheirFractions() {
    MeterGroup group = MeterGroup.in(registry, Tags.empty());
    group.distribution("age_ratio", "Ages.", 0.25, 0.5, 1).record(0.3);
    group.distribution("added_per_sync", "Added.", 2, 4).record(3);

    assertThat(text())
        .isEqualTo(
            """
            # HELP added_per_sync Added.
            # TYPE added_per_sync histogram
            added_per_sync_bucket{le="2"} 0
            added_per_sync_bucket{le="4"} 1
            added_per_sync_bucket{le="+Inf"} 1
            added_per_sync_sum 3
            added_per_sync_count 1
            # HELP age_ratio Ages.
            # TYPE age_ratio histogram
            age_ratio_bucket{le="0.25"} 0
            age_ratio_bucket{le="0.5"} 1
            age_ratio_bucket{le="1"} 1
            age_ratio_bucket{le="+Inf"} 1
            age_ratio_sum 0.3
            age_ratio_count 1
            """);
  }

  private String text() {
    return new MetricsEndpoint(registry, Instant.EPOCH).text();
  }
}
