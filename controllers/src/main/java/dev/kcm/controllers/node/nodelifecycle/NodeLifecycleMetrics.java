package dev.kcm.controllers.node.nodelifecycle;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Series of the controller, under upstream's names. Those of a zone appear with its first node.
 *
 * <p>Thread-safe: concurrent maps, and meters are.
 */
final class NodeLifecycleMetrics implements Consumer<Action.Measure> {

  private static final double FACTOR = 4;
  private static final int COUNT = 8;
  private static final double NANOS = 1e9;
  private static final Map<String, String> HELP_BY_GAUGE =
      Map.of(
          ZoneMeasures.HEALTH, "Gauge measuring percentage of healthy nodes per zone.",
          ZoneMeasures.SIZE, "Gauge measuring number of registered Nodes per zones.",
          ZoneMeasures.UNHEALTHY, "Gauge measuring number of not Ready Nodes per zones.");

  private final MeterGroup meters;
  private final Timer oneNode;
  private final Timer allNodes;
  private final Map<String, Counter> evictionsByZone = new ConcurrentHashMap<>();
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  private NodeLifecycleMetrics(MeterGroup meters) {
    this.meters = meters;
    this.oneNode =
        meters.histogram(
            ZoneMeasures.ONE_NODE,
            "Duration in seconds for NodeController to update the health of a single node.",
            Buckets.exponential(0.001, FACTOR, COUNT));
    this.allNodes =
        meters.histogram(
            ZoneMeasures.ALL_NODES,
            "Duration in seconds for NodeController to update the health of all nodes.",
            Buckets.exponential(0.01, FACTOR, COUNT));
  }

  static NodeLifecycleMetrics in(MeterRegistry registry) {
    return new NodeLifecycleMetrics(MeterGroup.in(registry, Tags.empty()));
  }

  @Override
  public void accept(Action.Measure measure) {
    String zone = measure.labels().getOrDefault("zone", "");
    switch (measure.meter()) {
      case ZoneMeasures.ONE_NODE -> oneNode.record(seconds(measure));
      case ZoneMeasures.ALL_NODES -> allNodes.record(seconds(measure));
      case ZoneMeasures.EVICTIONS -> evictions(zone).increment(measure.value());
      default -> set(measure.meter(), zone, measure.value());
    }
  }

  private void set(String meter, String zone, double value) {
    Counter unused = evictions(zone);
    gauges.computeIfAbsent(meter + zone, key -> newGauge(meter, zone)).set(value);
  }

  private AtomicReference<Double> newGauge(String meter, String zone) {
    AtomicReference<Double> value = new AtomicReference<>(0.0);
    meters.with("zone", zone).gauge(meter, HELP_BY_GAUGE.getOrDefault(meter, ""), value::get);
    return value;
  }

  private Counter evictions(String zone) {
    return evictionsByZone.computeIfAbsent(
        zone,
        name ->
            meters
                .with("zone", name)
                .counter(
                    ZoneMeasures.EVICTIONS,
                    "Number of Node evictions that happened since current instance of"
                        + " NodeController started."));
  }

  private static Duration seconds(Action.Measure measure) {
    return Duration.ofNanos(Math.round(measure.value() * NANOS));
  }
}
