package dev.kcm.core.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * A gauge that adds up what several parts supply. A second part finds the gauge through the
 * registry itself: a meter that measures nothing, and so shows in no scrape, leads back to this
 * object. The gauge goes with the last part.
 *
 * <p>Guarded by {@code lock}; the list of parts is replaced, so that a scrape reads it without it.
 */
final class SharedGauge implements Iterable<Measurement> {

  private static final String MARKER = "_parts";

  private final Object lock = new Object();
  private volatile List<DoubleSupplier> parts = List.of();

  @GuardedBy("lock") private boolean closed;

  private SharedGauge() {}

  /**
   * Adds a part; the gauge exists when this returns.
   *
   * @return takes the part out again; to be called once
   */
  static Runnable join(
      MeterRegistry registry, String name, String help, Tags tags, DoubleSupplier part) {
    while (true) {
      SharedGauge mine = new SharedGauge();
      Meter marker =
          Meter.builder(name + MARKER, Meter.Type.OTHER, mine).tags(tags).register(registry);
      SharedGauge shared = marker.measure() instanceof SharedGauge first ? first : mine;
      if (shared.add(registry, name, help, tags, part)) {
        return () -> shared.remove(registry, marker, name, tags, part);
      }
    }
  }

  private boolean add(
      MeterRegistry registry, String name, String help, Tags tags, DoubleSupplier part) {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      List<DoubleSupplier> more = new ArrayList<>(parts);
      more.add(part);
      parts = more;
      if (more.size() == 1) {
        Gauge.builder(name, this, SharedGauge::sum)
            .description(help)
            .tags(tags)
            .strongReference(true)
            .register(registry);
      }
      return true;
    }
  }

  private void remove(
      MeterRegistry registry, Meter marker, String name, Tags tags, DoubleSupplier part) {
    synchronized (lock) {
      List<DoubleSupplier> fewer = new ArrayList<>(parts);
      fewer.remove(part);
      parts = fewer;
      if (fewer.isEmpty()) {
        closed = true;
        registry.remove(new Meter.Id(name, tags, null, null, Meter.Type.GAUGE));
        registry.remove(marker);
      }
    }
  }

  private double sum() {
    return parts.stream().mapToDouble(DoubleSupplier::getAsDouble).sum();
  }

  @Override
  public Iterator<Measurement> iterator() {
    return Collections.emptyIterator();
  }
}
