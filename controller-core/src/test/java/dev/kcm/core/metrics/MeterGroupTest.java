package dev.kcm.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names and life of meters. */
final class MeterGroupTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void namesComeOutAsGivenAndExistFromTheStart() {
    MeterGroup group = MeterGroup.in(registry, Tags.of("name", "a"));
    Counter counter = group.counter("x_adds_total", "Adds.");
    group.gauge("x_age_seconds", "Age.", () -> 1.5);
    group.histogram("x_duration_seconds", "Duration.", 0.5, 1);
    counter.increment();

    assertThat(UpstreamText.of(registry, "x_"))
        .containsExactly(
            "# HELP x_adds_total Adds.",
            "# TYPE x_adds_total counter",
            "x_adds_total{name=\"a\"} 1",
            "# HELP x_age_seconds Age.",
            "# TYPE x_age_seconds gauge",
            "x_age_seconds{name=\"a\"} 1.5",
            "# HELP x_duration_seconds Duration.",
            "# TYPE x_duration_seconds histogram",
            "x_duration_seconds_bucket{name=\"a\",le=\"0.5\"} 0",
            "x_duration_seconds_bucket{name=\"a\",le=\"1\"} 0",
            "x_duration_seconds_bucket{name=\"a\",le=\"+Inf\"} 0",
            "x_duration_seconds_sum{name=\"a\"} 0",
            "x_duration_seconds_count{name=\"a\"} 0");
  }

  @Test
  void groupsWithTheSameTagsAddUpInOneGauge() {
    MeterGroup one = MeterGroup.in(registry, Tags.of("name", "a"));
    MeterGroup other = MeterGroup.in(registry, Tags.of("name", "a"));
    MeterGroup third = MeterGroup.in(registry, Tags.of("name", "b"));
    one.sharedGauge("x_in_flight", "Keys.", () -> 2);
    other.sharedGauge("x_in_flight", "Keys.", () -> 3);
    third.sharedGauge("x_in_flight", "Keys.", () -> 7);
    assertThat(inFlight())
        .containsExactly("x_in_flight{name=\"a\"} 5", "x_in_flight{name=\"b\"} 7");

    one.close();
    one.close();
    assertThat(inFlight())
        .containsExactly("x_in_flight{name=\"a\"} 3", "x_in_flight{name=\"b\"} 7");

    other.close();
    assertThat(inFlight()).containsExactly("x_in_flight{name=\"b\"} 7");
    third.close();
    assertThat(registry.getMeters()).isEmpty();

    MeterGroup again = MeterGroup.in(registry, Tags.of("name", "a"));
    again.sharedGauge("x_in_flight", "Keys.", () -> 1);
    assertThat(inFlight()).containsExactly("x_in_flight{name=\"a\"} 1");
  }

  private List<String> inFlight() {
    return UpstreamText.of(registry, "x_").stream().filter(line -> !line.startsWith("#")).toList();
  }

  @Test
  void upstreamsNamesWithoutAnEndingComeOutAsGiven() {
    MeterGroup group = MeterGroup.in(registry, Tags.of("name", "a"));
    group.counter("x_syncs", "Syncs.").increment();
    group.distribution("x_ratio", "Ratio.", 0.25, 1).record(0.75);
    group.distribution("x_tries", "Tries.", 1, 5).record(5);

    assertThat(UpstreamText.of(registry, "x_"))
        .containsExactly(
            "# HELP x_ratio Ratio.",
            "# TYPE x_ratio histogram",
            "x_ratio_bucket{name=\"a\",le=\"0.25\"} 0",
            "x_ratio_bucket{name=\"a\",le=\"1\"} 1",
            "x_ratio_bucket{name=\"a\",le=\"+Inf\"} 1",
            "x_ratio_sum{name=\"a\"} 0.75",
            "x_ratio_count{name=\"a\"} 1",
            "# HELP x_syncs Syncs.",
            "# TYPE x_syncs counter",
            "x_syncs{name=\"a\"} 1",
            "# HELP x_tries Tries.",
            "# TYPE x_tries histogram",
            "x_tries_bucket{name=\"a\",le=\"1\"} 0",
            "x_tries_bucket{name=\"a\",le=\"5\"} 1",
            "x_tries_bucket{name=\"a\",le=\"+Inf\"} 1",
            "x_tries_sum{name=\"a\"} 5",
            "x_tries_count{name=\"a\"} 1");
  }

  @Test
  void aRegistryThatRoundsBucketsGetsThoseItCanTellApart() {
    SimpleMeterRegistry simple = new SimpleMeterRegistry();
    MeterGroup group = MeterGroup.in(simple, Tags.of("name", "a"));
    group.histogram("x_duration_seconds", "Duration.", Buckets.workQueueSeconds());

    assertThat(simple.find("x_duration.histogram").gauges())
        .extracting(gauge -> gauge.getId().getTag("le"))
        .doesNotContain("0")
        .hasSize(8)
        .contains("0.000001", "10");
    group.close();
    assertThat(simple.getMeters()).isEmpty();
  }

  @Test
  void closingRemovesItsMetersAndLeavesOthers() {
    MeterGroup group = MeterGroup.in(registry, Tags.of("name", "a"));
    MeterGroup part = group.with("reason", "lost");
    group.counter("x_adds_total", "Adds.");
    part.counter("x_ends_total", "Ends.");

    group.close();
    group.close();

    assertThat(UpstreamText.of(registry, "x_"))
        .containsExactly(
            "# HELP x_ends_total Ends.",
            "# TYPE x_ends_total counter",
            "x_ends_total{name=\"a\",reason=\"lost\"} 0");
  }
}
