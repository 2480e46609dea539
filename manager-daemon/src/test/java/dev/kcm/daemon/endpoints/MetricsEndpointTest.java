package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void showsNoGaugeOfMaxima() {
    DistributionSummary.builder("plan_seconds")
        .serviceLevelObjectives(1, 2)
        .register(registry)
        .record(1.5);

    assertThat(new MetricsEndpoint(registry, Instant.EPOCH).text())
        .contains("plan_seconds_bucket{le=\"2\"} 1", "plan_seconds_count 1")
        .doesNotContain("_max");
  }

  @Test
  void showsTheProcessSeriesThatDashboardsRead() {
    ProcessMetrics.bind(registry, () -> Instant.EPOCH);

    String text = new MetricsEndpoint(registry, Instant.EPOCH).text();

    assertThat(text.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" ", -1)))
        .allSatisfy(parts -> assertThat(Double.parseDouble(parts[1])).as(parts[0]).isPositive())
        .extracting(parts -> parts[0])
        .containsExactlyInAnyOrder(
            "go_goroutines",
            "go_threads",
            "process_cpu_seconds_total",
            "process_max_fds",
            "process_network_receive_bytes_total",
            "process_network_transmit_bytes_total",
            "process_open_fds",
            "process_resident_memory_bytes",
            "process_start_time_seconds",
            "process_virtual_memory_bytes",
            "process_virtual_memory_max_bytes");
  }

  @Test
  void countersWithoutTotalHaveNoTypeInOpenMetrics() {
    registry.counter("writes_total", "verb", "get").increment(2);
    registry.counter("changes").increment();
    registry.gauge("depth", 3);

    assertThat(new MetricsEndpoint(registry, Instant.EPOCH).openMetrics())
        .isEqualTo(
            """
            # HELP changes \s
            # TYPE changes unknown
            changes 1
            # HELP depth \s
            # TYPE depth gauge
            depth 3
            # HELP writes \s
            # TYPE writes counter
            writes_total{verb="get"} 2
            # EOF
            """);
  }
}
