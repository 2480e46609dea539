package dev.kcm.core.informer;

import dev.kcm.core.object.ResourceType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The meters of one informer, without the endings that registries add. They are removed when it
 * stops.
 *
 * <p>Thread-safe: meters are, and the map of them is concurrent.
 */
final class InformerMeters {

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<List<String>, Meter> meters = new ConcurrentHashMap<>();
  private final Map<String, HandlerMeters> handlers = new ConcurrentHashMap<>();

  InformerMeters(MeterRegistry registry, String name, ResourceType<?> type) {
    this.registry = registry;
    this.tags =
        Tags.of(
            "name", name,
            "group", type.group(),
            "version", type.version(),
            "resource", type.plural());
  }

  void gauge(String name, String description, Supplier<Number> value) {
    keep(
        List.of(name),
        () -> Gauge.builder(name, value).description(description).tags(tags).register(registry));
  }

  void listed(String result, long nanos) {
    count("informer_lists", "Lists by result", "result", result);
    Timer timer =
        (Timer)
            keep(
                List.of("informer_list_duration"),
                () ->
                    Timer.builder("informer_list_duration")
                        .description("How long a list took, all pages")
                        .serviceLevelObjectives(
                            Duration.ofMillis(10),
                            Duration.ofMillis(100),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(10),
                            Duration.ofMinutes(1))
                        .tags(tags)
                        .register(registry));
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  void watched() {
    ((Counter)
            keep(
                List.of("informer_watches"),
                () ->
                    Counter.builder("informer_watches")
                        .description("Watches opened")
                        .tags(tags)
                        .register(registry)))
        .increment();
  }

  void watchFailed(String reason) {
    count("informer_watch_errors", "Watches that ended by an error", "reason", lower(reason));
  }

  void event(String type) {
    count("informer_events", "Watch events by type", "type", lower(type));
  }

  void relisted(String cause) {
    count("informer_relists", "Lists after the first, by cause", "cause", lower(cause));
  }

  void rewound() {
    ((Counter)
            keep(
                List.of("informer_resource_version_rewind"),
                () ->
                    Counter.builder("informer_resource_version_rewind")
                        .description("Times the server's resourceVersion went backwards")
                        .tags(tags)
                        .register(registry)))
        .increment();
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void count(String name, String description, String label, String value) {
    ((Counter)
            keep(
                List.of(name, value),
                () ->
                    Counter.builder(name)
                        .description(description)
                        .tags(tags.and(label, value))
                        .register(registry)))
        .increment();
  }

  private Meter keep(List<String> key, Supplier<Meter> maker) {
    Meter known = meters.get(key);
    return known != null ? known : meters.computeIfAbsent(key, k -> maker.get());
  }

  /** The meters of a handler; handlers of one name share them. */
  HandlerMeters handler(String handler) {
    return handlers.compute(
        handler,
        (name, known) -> {
          HandlerMeters meters =
              known == null ? new HandlerMeters(registry, tags.and("handler", name)) : known;
          meters.join();
          return meters;
        });
  }

  /** A handler is gone; the last of its name takes the meters away. */
  void leave(String handler) {
    handlers.computeIfPresent(handler, (name, meters) -> meters.leave() ? null : meters);
  }

  void remove() {
    meters.values().forEach(registry::remove);
    meters.clear();
  }
}
