package dev.kcm.controllers.network.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.services.TestService;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointSliceMetricsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EndpointSliceMetrics metrics = EndpointSliceMetrics.in(meters);

  @Test
  void feedsUpstreamsSeries() {
    SliceWorld world =
        SliceWorld.of(TestService.web().port("http", 80, 8080).distributing("PreferClose"), 10);
    world.pods(25);
    world.run().tried(Action.Measure.class).forEach(metrics);

    assertThat(gauge("endpoints_desired")).isEqualTo(25);
    assertThat(gauge("num_endpoint_slices")).isEqualTo(3);
    assertThat(gauge("desired_endpoint_slices")).isEqualTo(3);
    assertThat(counter("changes", "operation", "create")).isEqualTo(3);
    assertThat(counter("syncs", "result", "success")).isEqualTo(1);
    assertThat(
            meters
                .get("endpoint_slice_controller_endpoints_added_per_sync")
                .summary()
                .totalAmount())
        .isEqualTo(25);
    assertThat(
            meters
                .get("endpoint_slice_controller_endpointslices_changed_per_sync")
                .tags("topology", "Disabled", "traffic_distribution", "PreferClose")
                .summary()
                .totalAmount())
        .as("in billionths, since its bounds are fractions")
        .isEqualTo(3e9);
    assertThat(
            meters
                .get("endpoint_slice_controller_services_count_by_traffic_distribution")
                .tag("traffic_distribution", "PreferClose")
                .gauge()
                .value())
        .isEqualTo(1);
  }

  @Test
  void aServiceThatIsGoneIsNotCountedAnyMore() {
    SliceWorld world = SliceWorld.of(TestService.web().port("http", 80, 8080));
    world.pods(2);
    world.run().tried(Action.Measure.class).forEach(metrics);
    metrics.forget(SliceWorld.WEB);
    assertThat(gauge("endpoints_desired")).isZero();
  }

  @Test
  void leavesNothingInTheRegistry() {
    SliceWorld world = SliceWorld.of(TestService.web().port("http", 80, 8080));
    world.pods(2);
    List<Action.Measure> measures = world.run().tried(Action.Measure.class);
    measures.forEach(metrics);
    assertThat(meters.getMeters()).isNotEmpty();

    metrics.close();
    measures.forEach(metrics);

    assertThat(meters.getMeters()).isEmpty();
  }

  private double gauge(String name) {
    return meters.get("endpoint_slice_controller_" + name).gauge().value();
  }

  private double counter(String name, String tag, String value) {
    return meters.get("endpoint_slice_controller_" + name).tag(tag, value).counter().count();
  }
}
