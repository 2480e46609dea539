package dev.kcm.core.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.metrics.Buckets;
import dev.kcm.core.metrics.MeterGroup;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code workqueue_*} series of one name in one registry.
 *
 * <p>Open queues of one name share the series: counters add up, gauges sum. The series are removed
 * with the last of them. A second queue finds the first through the registry itself: a meter that
 * measures nothing, and so shows in no scrape, leads back to this object.
 *
 * <p>Guarded by {@code lock}, except that the list of queues may be read without it.
 */
final class NamedQueueMeters {

  private static final Logger log = LoggerFactory.getLogger(NamedQueueMeters.class);

  private static final String MARKER = "workqueue_open";

  private static final double NANOS_PER_SECOND = 1e9;

  private static final double[] SECONDS = Buckets.workQueueSeconds();

  private final List<QueueMeters.Gauged> queues = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private final MeterRegistry registry;
  private final MeterGroup group;
  private final Counter adds;
  private final Counter retries;
  private final Timer waited;
  private final Timer worked;

  @GuardedBy("lock") private boolean closed;

  private NamedQueueMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.group = MeterGroup.in(registry, tags);
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
   * @param sharesName whether it is on purpose when there are others of the name
   */
  static QueueMeters join(
      MeterRegistry registry, String name, QueueMeters.Gauged queue, boolean sharesName) {
    Tags tags = Tags.of("name", name);
    while (true) {
      Marker marker = new Marker(registry, tags);
      // The registry decides which of several queues is the first.
      Meter registered =
          Meter.builder(MARKER, Meter.Type.OTHER, marker).tags(tags).register(registry);
      Marker first = registered.measure() instanceof Marker other ? other : marker;
      NamedQueueMeters shared = first.meters();
      int open = shared.add(queue);
      if (open > 1 && !sharesName) {
        log.warn(
            "{} open work queues are named \"{}\" and share one set of metrics: give each its own"
                + " name",
            open,
            name);
      }
      if (open > 0) {
        return shared.new Member(registered, queue);
      }
    }
  }

  /** How many queues there are with this one; 0 when the last one has just left. */
  private int add(QueueMeters.Gauged queue) {
    synchronized (lock) {
      if (closed) {
        return 0;
      }
      if (queues.isEmpty()) {
        registerGauges();
      }
      queues.add(queue);
      return queues.size();
    }
  }

  private void remove(Meter marker, QueueMeters.Gauged queue) {
    synchronized (lock) {
      queues.remove(queue);
      if (queues.isEmpty()) {
        closed = true;
        group.close();
        registry.remove(marker);
      }
    }
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

  /** Leads from a registry to the series; measures nothing. Guarded by {@code lock}. */
  private static final class Marker implements Iterable<Measurement> {

    private final Object lock = new Object();
    private final MeterRegistry registry;
    private final Tags tags;

    @GuardedBy("lock") private @Nullable NamedQueueMeters meters;

    private Marker(MeterRegistry registry, Tags tags) {
      this.registry = registry;
      this.tags = tags;
    }

    private NamedQueueMeters meters() {
      synchronized (lock) {
        if (meters == null) {
          meters = new NamedQueueMeters(registry, tags);
        }
        return meters;
      }
    }

    @Override
    public Iterator<Measurement> iterator() {
      return Collections.emptyIterator();
    }
  }

  /** One queue's share. Thread-safe: the meters are. */
  private final class Member implements QueueMeters {

    private final Meter marker;
    private final Gauged queue;
    private final AtomicBoolean left = new AtomicBoolean();

    private Member(Meter marker, Gauged queue) {
      this.marker = marker;
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
      if (left.compareAndSet(false, true)) {
        remove(marker, queue);
      }
    }
  }
}
