package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.options.MetricsConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricRulesTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private void apply(List<String> disabled, Map<String, Set<String>> allowed) {
    MetricRules.apply(registry, new MetricsConfig(Map.of(), "", disabled, ""), allowed);
  }

  @Test
  void disabledMetricsDoNotExistAndAreCountedOnce() {
    apply(List.of("workqueue_adds_total", "not_there"), Map.of());

    registry.counter("workqueue_adds_total", "name", "job").increment();
    registry.counter("workqueue_adds_total", "name", "pod").increment();
    registry.counter("workqueue_retries_total", "name", "job").increment();

    assertThat(series())
        .contains("workqueue_retries_total{name=\"job\"} 1", "disabled_metrics_total 1")
        .noneMatch(line -> line.startsWith("workqueue_adds"));
  }

  @Test
  void labelsShowAllowedValuesAndCountOthersTogether() {
    apply(List.of(), Map.of("rest_client_requests_total,code", Set.of("200", "404")));

    for (String code : List.of("200", "201", "404", "500")) {
      registry.counter("rest_client_requests_total", "code", code, "method", "GET").increment();
      registry.counter("other_total", "code", code).increment();
    }

    assertThat(series())
        .contains(
            "rest_client_requests_total{code=\"200\",method=\"GET\"} 1",
            "rest_client_requests_total{code=\"404\",method=\"GET\"} 1",
            "rest_client_requests_total{code=\"unexpected\",method=\"GET\"} 2",
            "other_total{code=\"500\"} 1",
            "cardinality_enforcement_unexpected_categorizations_total 2")
        .noneMatch(line -> line.startsWith("rest_client_requests_total{code=\"500\""));
  }

  @Test
  void countsMetricsByTheStabilityTheirHelpBeginsWith() {
    apply(List.of(), Map.of());
    Gauge.builder("steady", () -> 1).description("[STABLE] a").tag("x", "1").register(registry);
    Gauge.builder("steady", () -> 1).description("[STABLE] a").tag("x", "2").register(registry);

    assertThat(series())
        .contains(
            "registered_metrics_total{deprecated_version=\"\",stability_level=\"STABLE\"} 1",
            "hidden_metrics_total 0");
  }

  @Test
  void refusesSeriesOfAMetricThatHasTooManyUntilSomeGo() {
    apply(List.of(), Map.of());
    for (int i = 0; i < MetricRules.MOST_SERIES + 5; i++) {
      registry.counter("wild_total", "name", "n" + i);
    }
    assertThat(wild()).isEqualTo(MetricRules.MOST_SERIES);
    assertThat(series()).contains("kcm_metrics_dropped_series 5");

    registry.remove(registry.counter("wild_total", "name", "n0"));
    registry.counter("wild_total", "name", "late");
    assertThat(wild()).isEqualTo(MetricRules.MOST_SERIES);
    assertThat(registry.find("wild_total").tag("name", "late").counter()).isNotNull();
  }

  private int wild() {
    return registry.find("wild_total").counters().size();
  }

  private List<String> series() {
    return new MetricsEndpoint(registry, Instant.EPOCH)
        .text()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }
}
