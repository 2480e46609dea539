package dev.kcm.core.queue;

import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code workqueue_*} series of one name in one registry.
 *
 * <p>Open queues of one name share the series: counters add up, gauges sum. The series are removed
 * with the last of them.
 *
 * <p>Thread-safe: changes of the list happen inside atomic updates of {@code OPEN}.
 */
final class NamedQueueMeters {

  private static final Logger log = LoggerFactory.getLogger(NamedQueueMeters.class);

  private static final double NANOS_PER_SECOND = 1e9;

  private static final double[] SECONDS = Buckets.workQueueSeconds();

  /**
   * The series that exist now. A registry cannot be asked for what stands behind a gauge, so this
   * is the only way for a second queue to find the first. Empty when all queues are closed.
   */
  private static final ConcurrentMap<Series, NamedQueueMeters> OPEN = new ConcurrentHashMap<>();

  private final List<QueueMeters.Gauged> queues = new CopyOnWriteArrayList<>();
  private final MeterGroup group;
  private final Counter adds;
  private final Counter retries;
  private final Timer waited;
  private final Timer worked;

  private NamedQueueMeters(MeterGroup group) {
    this.group = group;
    this.adds =
        group.counter("workqueue_adds_total", "[ALPHA] Total number of adds handled by workqueue");
    this.retries =
        group.counter(
            "workqueue_retries_total", "[ALPHA] Total number of retries handled by workqueue");
    this.waited =
        group.histogram(
            "workqueue_queue_duration_seconds",
            "[ALPHA] How long in seconds an item stays in workqueue before being requested.",
            SECONDS);
    this.worked =
        group.histogram(
            "workqueue_work_duration_seconds",
            "[ALPHA] How long in seconds processing an item from workqueue takes.",
            SECONDS);
  }

  /**
   * Registers a queue; its series exist when this returns.
   *
   * @param queue what the gauges read
   */
  static QueueMeters join(MeterRegistry registry, String name, QueueMeters.Gauged queue) {
    Series series = new Series(registry, name);
    NamedQueueMeters shared =
        OPEN.compute(series, (key, open) -> (open == null ? opened(key) : open).adding(queue));
    if (shared.queues.size() > 1) {
      log.warn(
          "{} open work queues are named \"{}\" and share one set of metrics: give each its own"
              + " name",
          shared.queues.size(),
          name);
    }
    return shared.new Member(series, queue);
  }

  private static NamedQueueMeters opened(Series series) {
    NamedQueueMeters meters =
        new NamedQueueMeters(MeterGroup.in(series.registry, Tags.of("name", series.name)));
    meters.registerGauges();
    return meters;
  }

  private void registerGauges() {
    group.gauge("workqueue_depth", "[ALPHA] Current depth of workqueue", this::depth);
    group.gauge(
        "workqueue_unfinished_work_seconds",
        "[ALPHA] How many seconds of work has done that is in progress and hasn't been observed by"
            + " work_duration. Large values indicate stuck threads. One can deduce the number of"
            + " stuck threads by observing the rate at which this increases.",
        this::unfinishedSeconds);
    group.gauge(
        "workqueue_longest_running_processor_seconds",
        "[ALPHA] How many seconds has the longest running processor for workqueue been running.",
        this::longestRunningSeconds);
  }

  private double depth() {
    return queues.stream().mapToInt(QueueMeters.Gauged::depth).sum();
  }

  private double unfinishedSeconds() {
    return queues.stream().mapToLong(QueueMeters.Gauged::unfinishedNanos).sum() / NANOS_PER_SECOND;
  }

  private double longestRunningSeconds() {
    return queues.stream().mapToLong(QueueMeters.Gauged::longestRunningNanos).max().orElse(0)
        / NANOS_PER_SECOND;
  }

  private NamedQueueMeters adding(QueueMeters.Gauged queue) {
    queues.add(queue);
    return this;
  }

  /** The map takes null for "remove the entry". */
  @SuppressWarnings("NullAway") // ConcurrentMap.computeIfPresent is unannotated in this direction
  private static void leave(Series series, QueueMeters.Gauged queue) {
    OPEN.computeIfPresent(
        series,
        (key, open) -> {
          open.queues.remove(queue);
          if (!open.queues.isEmpty()) {
            return open;
          }
          open.group.close();
          return null;
        });
  }

  private record Series(MeterRegistry registry, String name) {}

  /** One queue's share. Thread-safe: the meters are. */
  private final class Member implements QueueMeters {

    private final Series series;
    private final Gauged queue;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Member(Series series, Gauged queue) {
      this.series = series;
      this.queue = queue;
    }

    @Override
    public void added() {
      adds.increment();
    }

    @Override
    public void taken(long waitedNanos) {
      waited.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void done(long workedNanos) {
      worked.record(workedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void retried() {
      retries.increment();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        leave(series, queue);
      }
    }
  }
}
