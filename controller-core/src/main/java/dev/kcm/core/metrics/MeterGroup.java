package dev.kcm.core.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;

/**
 * Meters with the same tags that come and go together.
 *
 * <p>Names are given as a Prometheus scrape shows them ({@code workqueue_adds_total}, {@code
 * workqueue_queue_duration_seconds}). Where the library of the scrape has rules of its own, {@link
 * ScrapeNames} has what it takes to print them as given. A meter exists, with value zero, from its
 * registration on.
 *
 * <p>Thread-safe: the registry and the list of meters are.
 */
public final class MeterGroup implements AutoCloseable {

  /** The unit of histograms that keep fractions. */
  static final String BILLIONTHS = "billionths";

  static final double PER_ONE = 1e9;

  private static final String SECONDS = "_seconds";
  private static final long NANOS_PER_MICRO = 1000;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> leaving = new ConcurrentLinkedQueue<>();

  private MeterGroup(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
  }

  /**
   * A group without meters yet.
   *
   * @param registry where the meters are registered
   * @param tags carried by each meter; values must come from a small fixed set, never from objects
   */
  public static MeterGroup in(MeterRegistry registry, Tags tags) {
    return new MeterGroup(registry, tags);
  }

  /** A group of the same registry with one more tag, closed on its own. */
  public MeterGroup with(String tag, String value) {
    return new MeterGroup(registry, tags.and(tag, value));
  }

  /**
   * Registers a counter.
   *
   * @param name ends in {@code _total}, unless upstream's does not: then only a scrape that asks
   *     {@link ScrapeNames} leaves that ending out
   * @param help help text
   */
  public Counter counter(String name, String help) {
    return remember(Counter.builder(name).description(help).tags(tags).register(registry));
  }

  /**
   * Registers a gauge that is computed when it is read.
   *
   * @param value called by whoever scrapes; the group keeps it alive until it is closed
   */
  public void gauge(String name, String help, DoubleSupplier value) {
    remember(
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
            .description(help)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  /**
   * Registers a part of a gauge that several groups with the same tags may have: it shows the sum
   * of what the open ones supply.
   *
   * @param part called by whoever scrapes; the group keeps it alive until it is closed
   */
  public void sharedGauge(String name, String help, DoubleSupplier part) {
    leaving.add(SharedGauge.join(registry, name, help, tags, part));
  }

  /**
   * Registers a histogram of durations with exactly the given buckets, besides {@code +Inf}. Only a
   * {@link SimpleMeterRegistry} gets none below a microsecond: it shows each bucket as a gauge
   * whose name keeps six digits, so that two of those would be one.
   *
   * <p>It is a timer, since histograms of Micrometer's distribution summaries round what they
   * record up to whole numbers before they look for its bucket.
   *
   * @param name ends in {@code _seconds}, which the registry appends itself where its convention
   *     says so
   * @param seconds upper bounds, ascending, 1 ns or more
   */
  public Timer histogram(String name, String help, double... seconds) {
    if (!name.endsWith(SECONDS)) {
      throw new IllegalArgumentException(
          "the name of a histogram of durations must end in " + SECONDS + ", got " + name);
    }
    Duration[] bounds =
        Arrays.stream(seconds)
            .mapToLong(bound -> Math.round(bound * 1e9))
            .filter(nanos -> nanos >= NANOS_PER_MICRO || !(registry instanceof SimpleMeterRegistry))
            .mapToObj(Duration::ofNanos)
            .toArray(Duration[]::new);
    return remember(
        Timer.builder(name.substring(0, name.length() - SECONDS.length()))
            .description(help)
            .tags(tags)
            .serviceLevelObjectives(bounds)
            .register(registry));
  }

  /**
   * Registers a histogram of anything but durations, or of durations that upstream gives a name
   * without a unit, with exactly the given buckets, besides {@code +Inf}.
   *
   * <p>Micrometer rounds what a summary records up to whole numbers before it looks for its bucket.
   * That changes nothing for whole bounds; with others the histogram keeps billionths, is scraped
   * with {@code _billionths} behind its name, and comes out as given where {@link ScrapeNames} is
   * asked. What is recorded is given as it is in either case.
   *
   * @param bounds upper bounds, ascending, one billionth or more
   */
  public DistributionSummary distribution(String name, String help, double... bounds) {
    boolean whole = Arrays.stream(bounds).allMatch(bound -> bound == Math.rint(bound));
    DistributionSummary.Builder summary =
        DistributionSummary.builder(name).description(help).tags(tags);
    return remember(
        whole
            ? summary.serviceLevelObjectives(bounds).register(registry)
            : summary
                .baseUnit(BILLIONTHS)
                .scale(PER_ONE)
                .serviceLevelObjectives(
                    Arrays.stream(bounds).map(bound -> Math.rint(bound * PER_ONE)).toArray())
                .register(registry));
  }

  /** Removes the group's meters from the registry. Idempotent. */
  @Override
  public void close() {
    for (Meter meter = meters.poll(); meter != null; meter = meters.poll()) {
      registry.remove(meter);
    }
    for (Runnable leave = leaving.poll(); leave != null; leave = leaving.poll()) {
      leave.run();
    }
  }

  private <M extends Meter> M remember(M meter) {
    meters.add(meter);
    return meter;
  }
}
