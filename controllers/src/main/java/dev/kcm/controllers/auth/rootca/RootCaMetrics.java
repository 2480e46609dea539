package dev.kcm.controllers.auth.rootca;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Series of the publisher, under upstream's names.
 *
 * <p>Thread-safe: a concurrent map of meters.
 */
final class RootCaMetrics implements Consumer<Action.Measure> {

  static final String SYNCS = "root_ca_cert_publisher_sync_total";
  static final String DURATION = "root_ca_cert_publisher_sync_duration_seconds";

  private static final double[] BOUNDS = Buckets.exponential(0.001, 2, 15);
  private static final double NANOS_PER_SECOND = 1e9;

  private final MeterRegistry registry;
  private final Map<String, Series> seriesByCode = new ConcurrentHashMap<>();

  private record Series(Counter syncs, Timer duration) {}

  private RootCaMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  static RootCaMetrics in(MeterRegistry registry) {
    return new RootCaMetrics(registry);
  }

  @Override
  public void accept(Action.Measure measure) {
    String code = measure.labels().getOrDefault("code", "");
    Series series = seriesByCode.computeIfAbsent(code, this::series);
    if (measure.meter().equals(SYNCS)) {
      series.syncs().increment(measure.value());
    } else {
      series.duration().record(Duration.ofNanos((long) (measure.value() * NANOS_PER_SECOND)));
    }
  }

  private Series series(String code) {
    MeterGroup group = MeterGroup.in(registry, Tags.of("code", code));
    return new Series(
        group.counter(SYNCS, "Number of namespace syncs happened in root ca cert publisher."),
        group.histogram(
            DURATION, "Duration of namespace syncs in root ca cert publisher.", BOUNDS));
  }
}
