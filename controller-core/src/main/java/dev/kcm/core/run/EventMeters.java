package dev.kcm.core.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what became of the Events of one component.
 *
 * <p>Thread-safe: a concurrent map of counters.
 */
final class EventMeters implements AutoCloseable {

  static final String EVENTS = "kcm_events_total";

  private final MeterRegistry registry;
  private final String component;
  private final Map<String, Counter> counterByResult = new ConcurrentHashMap<>();
  private volatile boolean closed;

  EventMeters(MeterRegistry registry, String component) {
    this.registry = registry;
    this.component = component;
  }

  void count(String result) {
    if (closed) {
      return;
    }
    counterByResult.computeIfAbsent(result, this::register).increment();
  }

  @Override
  public void close() {
    closed = true;
    counterByResult.values().forEach(registry::remove);
    counterByResult.clear();
  }

  private Counter register(String result) {
    return Counter.builder(EVENTS)
        .description("Events of a component, by what became of them")
        .tag("component", component)
        .tag("result", result)
        .register(registry);
  }
}
