package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.SliceMetrics;
import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Series of the controller, under upstream's names.
 *
 * <p>Thread-safe: a concurrent map, and meters are.
 */
final class EndpointSliceMetrics implements Consumer<Action.Measure>, AutoCloseable {

  private static final List<String> DISTRIBUTIONS =
      List.of("PreferClose", "PreferSameZone", "PreferSameNode");

  private final SliceMetrics slices;
  private final List<MeterGroup> distributions;
  private final Map<String, String> distributionByService = new ConcurrentHashMap<>();

  private EndpointSliceMetrics(SliceMetrics slices, List<MeterGroup> distributions) {
    this.slices = slices;
    this.distributions = distributions;
  }

  static EndpointSliceMetrics in(MeterRegistry registry) {
    List<MeterGroup> distributions =
        DISTRIBUTIONS.stream()
            .map(name -> MeterGroup.in(registry, Tags.of("traffic_distribution", name)))
            .toList();
    EndpointSliceMetrics metrics =
        new EndpointSliceMetrics(SliceMetrics.in(registry, SliceMeasures.PREFIX), distributions);
    for (int i = 0; i < DISTRIBUTIONS.size(); i++) {
      String name = DISTRIBUTIONS.get(i);
      distributions
          .get(i)
          .gauge(SliceMeasures.DISTRIBUTIONS, "", () -> metrics.servicesDistributedBy(name));
    }
    return metrics;
  }

  private double servicesDistributedBy(String distribution) {
    return distributionByService.values().stream().filter(distribution::equals).count();
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

  /** Removes the series. */
  @Override
  public void close() {
    distributions.forEach(MeterGroup::close);
    slices.close();
  }
}
