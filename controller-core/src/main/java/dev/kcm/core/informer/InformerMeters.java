package dev.kcm.core.informer;

import dev.kcm.core.metrics.MeterGroup;
import dev.kcm.core.object.ResourceType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * The meters of one informer: upstream's three {@code informer_*} series with their names, texts
 * and buckets, and ours. They are removed when the informer stops.
 *
 * <p>Thread-safe: meters are, and so are the maps of them.
 */
final class InformerMeters {

  private static final double[] PROCESSING_SECONDS = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private static final double[] LIST_SECONDS = {0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300};

  /** Counters of one name by one label. Thread-safe: the map is. */
  private static final class Family {

    private final MeterGroup group;
    private final String name;
    private final String help;
    private final String label;
    private final Map<String, MeterGroup> groups = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    private Family(MeterGroup group, String name, String help, String label) {
      this.group = group;
      this.name = name;
      this.help = help;
      this.label = label;
    }

    private void count(String value) {
      Counter known = counters.get(value);
      (known == null ? counters.computeIfAbsent(value, this::register) : known).increment();
    }

    private Counter register(String value) {
      String text = value.toLowerCase(Locale.ROOT);
      return groups.computeIfAbsent(text, v -> group.with(label, v)).counter(name, help);
    }

    private Family with(String... values) {
      for (String value : values) {
        var unused = counters.computeIfAbsent(value, this::register);
      }
      return this;
    }

    private void close() {
      groups.values().forEach(MeterGroup::close);
    }
  }

  private final MeterGroup group;
  private final Timer processing;
  private final Timer listDuration;
  private final Counter watches;
  private final Counter rewinds;
  private final Family lists;
  private final Family watchErrors;
  private final Family events;
  private final Family relists;
  private final Family indexFailures;
  private final Map<String, HandlerMeters> handlers = new ConcurrentHashMap<>();
  private volatile boolean removed;

  InformerMeters(MeterRegistry registry, String name, ResourceType<?> type) {
    Tags tags =
        Tags.of(
            "name", name,
            "group", type.group(),
            "version", type.version(),
            "resource", type.plural());
    group = MeterGroup.in(registry, tags);
    processing =
        group.histogram(
            "informer_processing_latency_seconds",
            "[ALPHA] Time taken to process events after popping from the queue.",
            PROCESSING_SECONDS);
    listDuration =
        group.histogram(
            "informer_list_duration_seconds", "How long lists took, all pages.", LIST_SECONDS);
    watches = group.counter("informer_watches_total", "Watches opened.");
    rewinds =
        group.counter(
            "informer_resource_version_rewind_total",
            "Times the server's resourceVersion went backwards.");
    lists = family("informer_lists_total", "Lists by result.", "result").with("success");
    watchErrors = family("informer_watch_errors_total", "Watches ended by an error.", "reason");
    events =
        family("informer_events_total", "What watches brought, by type.", "type")
            .with("ADDED", "MODIFIED", "DELETED", "bookmark");
    relists = family("informer_relists_total", "Lists after the first, by cause.", "cause");
    indexFailures =
        family("informer_index_failures_total", "Objects an index function threw on.", "index");
  }

  private Family family(String name, String help, String label) {
    return new Family(group, name, help, label);
  }

  /** Registers the counter of objects that a guard found changed. */
  Counter mutations() {
    return group.counter("informer_mutations_total", "Cached objects that were changed.");
  }

  /** Registers a gauge; not after {@link #remove}. */
  void gauge(String name, String help, DoubleSupplier value) {
    group.gauge(name, help, value);
  }

  void listed(String result, long nanos) {
    count(lists, result);
    listDuration.record(nanos, TimeUnit.NANOSECONDS);
  }

  void watched() {
    watches.increment();
  }

  void watchFailed(String reason) {
    count(watchErrors, reason);
  }

  void event(String type) {
    count(events, type);
  }

  void relisted(String cause) {
    count(relists, cause);
  }

  void rewound() {
    rewinds.increment();
  }

  void processed(long nanos) {
    processing.record(nanos, TimeUnit.NANOSECONDS);
  }

  void indexFailed(String index) {
    count(indexFailures, index);
  }

  /** What still comes in after the end must not bring meters back. */
  private void count(Family family, String value) {
    if (!removed) {
      family.count(value);
    }
  }

  /** The meters of a handler; handlers of one name share them. */
  HandlerMeters handler(String handler) {
    return handlers.compute(
        handler,
        (name, known) -> {
          HandlerMeters meters =
              known == null ? new HandlerMeters(group.with("handler", name)) : known;
          meters.join();
          return meters;
        });
  }

  /** A handler is gone; the last of its name takes the meters away. */
  void leave(String handler) {
    handlers.computeIfPresent(handler, (name, meters) -> meters.leave() ? null : meters);
  }

  void remove() {
    removed = true;
    group.close();
    for (Family family : new Family[] {lists, watchErrors, events, relists, indexFailures}) {
      family.close();
    }
  }
}
