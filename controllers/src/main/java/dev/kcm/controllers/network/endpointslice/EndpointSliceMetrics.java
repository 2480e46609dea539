package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Series of the controller, under upstream's names.
 *
 * <p>Thread-safe: a concurrent map, and meters are.
 */
final class EndpointSliceMetrics implements Consumer<Action.Measure> {

  private static final List<String> DISTRIBUTIONS =
      List.of("PreferClose", "PreferSameZone", "PreferSameNode");

  private final SliceMetrics slices;
  private final Map<String, String> distributionByService = new ConcurrentHashMap<>();

  private EndpointSliceMetrics(SliceMetrics slices) {
    this.slices = slices;
  }

  static EndpointSliceMetrics in(MeterRegistry registry) {
    EndpointSliceMetrics metrics =
        new EndpointSliceMetrics(SliceMetrics.in(registry, SliceMeasures.PREFIX));
    DISTRIBUTIONS.forEach(distribution -> metrics.register(registry, distribution));
    return metrics;
  }

  /** A Service is gone. */
  void forget(ObjectKey service) {
    slices.forget(service);
    distributionByService.remove(service.toString());
  }

  @Override
  public void accept(Action.Measure measure) {
    if (measure.meter().equals(SliceMeasures.DISTRIBUTIONS)) {
      Map<String, String> labels = measure.labels();
      distributionByService.put(
          labels.getOrDefault("service", ""), labels.getOrDefault("traffic_distribution", ""));
    } else {
      slices.accept(measure);
    }
  }

  private void register(MeterRegistry registry, String distribution) {
    Gauge.builder(
            SliceMeasures.DISTRIBUTIONS,
            this,
            metrics ->
                metrics.distributionByService.values().stream()
                    .filter(distribution::equals)
                    .count())
        .tag("traffic_distribution", distribution)
        .register(registry);
  }
}
