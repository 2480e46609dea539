package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.options.FeatureGates;
import dev.kcm.daemon.options.ProductVersion;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FeatureGates gates = FeatureGates.defaults();

  @BeforeEach
  void bind() {
    ReleaseMetrics.bind(registry, new ProductVersion("v1.34.9", "c0ffee", "2026-01-02"), gates);
  }

  @Test
  void showsTheRelease() {
    assertThat(series("kubernetes_build_info"))
        .containsExactly(
            "# TYPE kubernetes_build_info gauge",
            "kubernetes_build_info{build_date=\"2026-01-02\",compiler=\"javac\","
                + "git_commit=\"c0ffee\",git_tree_state=\"\",git_version=\"v1.34.9\","
                + "go_version=\"java"
                + Runtime.version()
                + "\",major=\"1\",minor=\"34\",platform=\""
                + ProductVersion.platform()
                + "\"} 1");
    assertThat(series("version_info"))
        .containsExactly(
            "# TYPE version_info gauge",
            "version_info{binary=\"1.34\",component=\"kube\",emulation=\"1.34\","
                + "min_compat=\"1.33\"} 1");
  }

  @Test
  void showsEachFeatureGateWithItsStage() {
    assertThat(series("kubernetes_feature_enabled"))
        .hasSize(gates.all().size() + 1)
        .contains(
            "# TYPE kubernetes_feature_enabled gauge",
            "kubernetes_feature_enabled{name=\"APIResponseCompression\",stage=\"BETA\"} 1",
            "kubernetes_feature_enabled{name=\"APIServerTracing\",stage=\"\"} 1",
            "kubernetes_feature_enabled{name=\"APIServingWithRoutine\",stage=\"ALPHA\"} 0");
  }

  /** Without HELP. */
  private List<String> series(String name) {
    return new MetricsEndpoint(registry, Instant.EPOCH)
        .text()
        .lines()
        .filter(line -> line.startsWith("# TYPE " + name + " ") || line.startsWith(name + "{"))
        .toList();
  }
}
