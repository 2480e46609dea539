package dev.kcm.core.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a scrape has to print so that the meters of a {@link MeterGroup} get the names and numbers
 * they were registered with, for whoever renders one from a Prometheus registry.
 *
 * <p>The client library of Prometheus appends {@code _total} to each counter, and Micrometer
 * forgets fractions; some of upstream's series have counters without that ending and histograms of
 * fractions. A name with dots was not meant as it is and goes by the library's rules.
 *
 * <p>Immutable: what the registry held when it was asked.
 */
public final class ScrapeNames {

  private static final String TOTAL = "_total";
  private static final String SCALED = "_" + MeterGroup.BILLIONTHS;
  private static final String QUEUE_PREFIX = "workqueue_";
  private static final double[] QUEUE_BOUNDS = Buckets.workQueueSeconds();

  private final Set<String> bareCounters;

  private ScrapeNames(Set<String> bareCounters) {
    this.bareCounters = bareCounters;
  }

  /** The names of the meters a registry holds now. */
  public static ScrapeNames of(MeterRegistry registry) {
    return new ScrapeNames(
        registry.getMeters().stream()
            .map(Meter::getId)
            .filter(id -> id.getType() == Meter.Type.COUNTER)
            .map(Meter.Id::getName)
            .filter(name -> !name.endsWith(TOTAL) && name.indexOf('.') < 0)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * The name to print for a counter.
   *
   * @param base as the snapshot has it, without {@code _total}
   */
  public String counter(String base) {
    return bareCounters.contains(base) ? base : base + TOTAL;
  }

  /**
   * The name to print for a histogram.
   *
   * @param name as the snapshot has it
   */
  public String histogram(String name) {
    return isScaled(name) ? name.substring(0, name.length() - SCALED.length()) : name;
  }

  /**
   * The sum to print for a histogram.
   *
   * @param name as the snapshot has it
   * @param kept as the snapshot has it
   */
  public double sum(String name, double kept) {
    return isScaled(name) ? kept / MeterGroup.PER_ONE : kept;
  }

  /**
   * The upper bound to print for a bucket.
   *
   * @param name of the histogram as the snapshot has it
   * @param kept as the snapshot has it
   */
  public double bound(String name, double kept) {
    if (isScaled(name)) {
      return kept / MeterGroup.PER_ONE;
    }
    return name.startsWith(QUEUE_PREFIX) ? Buckets.asGiven(QUEUE_BOUNDS, kept) : kept;
  }

  private static boolean isScaled(String name) {
    return name.endsWith(SCALED);
  }
}
