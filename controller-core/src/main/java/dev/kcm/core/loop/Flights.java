package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys in flight, and a watch over how long each takes.
 *
 * <p>One timer serves all of them, and only while there are any.
 *
 * <p>Thread-safe: a concurrent map; a key has at most one flight.
 */
final class Flights {

  /** A run that takes longer is warned of, once. */
  static final Duration SLOW = Duration.ofMinutes(1);

  private static final Duration SWEEP = Duration.ofSeconds(20);

  private static final Logger log = LoggerFactory.getLogger(Flights.class);

  private final String loop;
  private final Environment environment;
  private final Executor executor;
  private final Map<ObjectKey, Flight> flightByKey = new ConcurrentHashMap<>();
  private final AtomicBoolean sweepPending = new AtomicBoolean();

  Flights(String loop, Environment environment, Executor executor) {
    this.loop = loop;
    this.environment = environment;
    this.executor = executor;
  }

  Flight begin(ObjectKey key, String id) {
    Flight flight = new Flight(id, environment.ticker().nanos());
    flightByKey.put(key, flight);
    scheduleSweep();
    return flight;
  }

  /** Ends a flight and gives how long it took. */
  Duration end(ObjectKey key, Flight flight) {
    flightByKey.remove(key);
    return environment.ticker().since(flight.startNanos);
  }

  List<ObjectKey> keys() {
    return flightByKey.keySet().stream().sorted().toList();
  }

  private void scheduleSweep() {
    if (sweepPending.compareAndSet(false, true)) {
      environment.timers().schedule(SWEEP, executor, this::sweep);
    }
  }

  private void sweep() {
    sweepPending.set(false);
    flightByKey.forEach(this::warnIfSlow);
    if (!flightByKey.isEmpty()) {
      scheduleSweep();
    }
  }

  private void warnIfSlow(ObjectKey key, Flight flight) {
    Duration age = environment.ticker().since(flight.startNanos);
    if (age.compareTo(SLOW) > 0 && !flight.warned) {
      flight.warned = true;
      log.warn("{} {} [{}]: the run takes {} s so far", loop, key, flight.id, age.toSeconds());
    }
  }

  /** One key in flight. The flag is only touched by sweeps, of which there is one at a time. */
  static final class Flight {

    private final String id;
    private final long startNanos;
    private volatile boolean warned;

    private Flight(String id, long startNanos) {
      this.id = id;
      this.startNanos = startNanos;
    }

    String id() {
      return id;
    }
  }
}
