package dev.kcm.controllers.network.endpointslice;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Series of the controller, under upstream's names. Gauges add up what is known of each Service.
 *
 * <p>Thread-safe: concurrent maps, and meters are.
 */
final class EndpointSliceMetrics implements Consumer<Action.Measure> {

  private static final double[] COUNTS = Buckets.exponential(2, 2, 15);
  private static final Set<String> SUMS =
      Set.of(SliceMeasures.ENDPOINTS, SliceMeasures.SLICES, SliceMeasures.IDEAL_SLICES);
  private static final List<String> DISTRIBUTIONS =
      List.of("PreferClose", "PreferSameZone", "PreferSameNode");

  private final MeterRegistry registry;
  private final Map<String, Map<String, Double>> valuesByService = new ConcurrentHashMap<>();
  private final Map<String, String> distributionByService = new ConcurrentHashMap<>();

  private EndpointSliceMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  static EndpointSliceMetrics in(MeterRegistry registry) {
    EndpointSliceMetrics metrics = new EndpointSliceMetrics(registry);
    SUMS.forEach(metrics::registerSum);
    DISTRIBUTIONS.forEach(metrics::registerDistribution);
    return metrics;
  }

  /** A Service is gone. */
  void forget(ObjectKey service) {
    valuesByService.remove(service.toString());
    distributionByService.remove(service.toString());
  }

  @Override
  public void accept(Action.Measure measure) {
    String meter = measure.meter();
    Map<String, String> labels = measure.labels();
    if (SUMS.contains(meter)) {
      valuesByService
          .computeIfAbsent(labels.get("service"), service -> new ConcurrentHashMap<>())
          .put(meter + labels.get("type"), measure.value());
    } else if (meter.equals(SliceMeasures.DISTRIBUTIONS)) {
      distributionByService.put(labels.get("service"), labels.get("traffic_distribution"));
    } else if (meter.equals(SliceMeasures.CHANGES) || meter.equals(SliceMeasures.SYNCS)) {
      counter(meter, labels).increment(measure.value());
    } else {
      summary(meter, labels).record(measure.value());
    }
  }

  private void registerSum(String meter) {
    Gauge.builder(meter, this, metrics -> metrics.sum(meter)).register(registry);
  }

  private double sum(String meter) {
    return valuesByService.values().stream()
        .flatMap(values -> values.entrySet().stream())
        .filter(value -> value.getKey().startsWith(meter))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private void registerDistribution(String distribution) {
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

  private Counter counter(String meter, Map<String, String> labels) {
    return Counter.builder(meter).tags(tags(labels)).register(registry);
  }

  private DistributionSummary summary(String meter, Map<String, String> labels) {
    return DistributionSummary.builder(meter)
        .tags(tags(labels))
        .serviceLevelObjectives(COUNTS)
        .register(registry);
  }

  private static Tags tags(Map<String, String> labels) {
    Tags tags = Tags.empty();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      tags = tags.and(label.getKey(), label.getValue());
    }
    return tags;
  }
}
