package dev.kcm.controllers.shared.slices;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Series of a controller that writes slices. Gauges add up what is known of each Service, given
 * with the labels {@code service} and {@code type}; {@code changes} and {@code syncs} are counters,
 * all else are histograms.
 *
 * <p>Thread-safe: concurrent maps, and meters are; {@code closed} is set once, by the stop.
 */
public final class SliceMetrics implements Consumer<Action.Measure>, AutoCloseable {

  /** Gauge: endpoints there should be. */
  public static final String ENDPOINTS = "endpoints_desired";

  /** Gauge: slices there are. */
  public static final String SLICES = "num_endpoint_slices";

  /** Gauge: slices there would be if they were packed anew. */
  public static final String IDEAL_SLICES = "desired_endpoint_slices";

  /** Counter, by operation. */
  public static final String CHANGES = "changes";

  /** Counter, by result. */
  public static final String SYNCS = "syncs";

  /** Histogram: slices written in a run. */
  public static final String CHANGED = "endpointslices_changed_per_sync";

  /** Histogram: seconds a run took. */
  public static final String DURATION = "endpoints_sync_duration";

  private static final double[] COUNTS = Buckets.exponential(2, 2, 15);

  /** Of those that upstream gives others, by what their names end in. */
  private static final Map<String, double[]> BOUNDS =
      Map.of(
          CHANGED,
          new double[] {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
          DURATION,
          Buckets.exponential(0.001, 2, 15));

  private static final Set<String> SUMS = Set.of(ENDPOINTS, SLICES, IDEAL_SLICES);
  private static final Set<String> COUNTERS = Set.of(CHANGES, SYNCS);

  private final MeterRegistry registry;
  private final String prefix;
  private final Map<String, Map<String, Double>> valuesByService = new ConcurrentHashMap<>();
  private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Series, DistributionSummary> histograms = new ConcurrentHashMap<>();
  private final Queue<MeterGroup> groups = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private record Series(String meter, Map<String, String> labels) {}

  private SliceMetrics(MeterRegistry registry, String prefix) {
    this.registry = registry;
    this.prefix = prefix;
  }

  /**
   * The series in a registry.
   *
   * @param prefix what all names begin with
   */
  public static SliceMetrics in(MeterRegistry registry, String prefix) {
    SliceMetrics metrics = new SliceMetrics(registry, prefix);
    MeterGroup sums = metrics.group(Map.of());
    SUMS.forEach(meter -> sums.gauge(prefix + meter, "", () -> metrics.sum(meter)));
    return metrics;
  }

  /** A Service is gone. */
  public void forget(ObjectKey service) {
    valuesByService.remove(service.toString());
  }

  @Override
  public void accept(Action.Measure measure) {
    if (closed) {
      return;
    }
    String meter = measure.meter().substring(prefix.length());
    Map<String, String> labels = measure.labels();
    if (SUMS.contains(meter)) {
      valuesByService
          .computeIfAbsent(labels.getOrDefault("service", ""), s -> new ConcurrentHashMap<>())
          .put(meter + labels.get("type"), measure.value());
    } else if (COUNTERS.contains(meter)) {
      counters
          .computeIfAbsent(
              new Series(measure.meter(), labels), it -> group(labels).counter(it.meter(), ""))
          .increment(measure.value());
    } else {
      histograms
          .computeIfAbsent(
              new Series(measure.meter(), labels),
              it -> group(labels).distribution(it.meter(), "", BOUNDS.getOrDefault(meter, COUNTS)))
          .record(measure.value());
    }
  }

  /** Removes the series. What is measured afterwards is not counted. */
  @Override
  public void close() {
    closed = true;
    groups.forEach(MeterGroup::close);
  }

  private MeterGroup group(Map<String, String> labels) {
    MeterGroup group = MeterGroup.in(registry, tags(labels));
    groups.add(group);
    return group;
  }

  private double sum(String meter) {
    return valuesByService.values().stream()
        .flatMap(values -> values.entrySet().stream())
        .filter(value -> value.getKey().startsWith(meter))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static Tags tags(Map<String, String> labels) {
    Tags tags = Tags.empty();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      tags = tags.and(label.getKey(), label.getValue());
    }
    return tags;
  }
}
