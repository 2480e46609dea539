package dev.kcm.core.loop;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.run.Cancellation;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys in flight, and a watch over how long each takes.
 *
 * <p>One timer serves all of them, and only while there are any; runs that have a time-out have one
 * each.
 *
 * <p>Thread-safe: a concurrent map; a key has at most one flight. {@code nextSweep} is written by
 * whoever set {@code sweepPending}.
 */
final class Flights {

  /** A run that takes longer is warned of, once. */
  static final Duration SLOW = Duration.ofMinutes(1);

  private static final Duration SWEEP = Duration.ofSeconds(20);

  private static final Logger log = LoggerFactory.getLogger(Flights.class);

  private final String loop;
  private final @Nullable Duration timeout;
  private final Fence fence;
  private final Environment environment;
  private final Executor executor;
  private final Map<ObjectKey, Flight> flightByKey = new ConcurrentHashMap<>();
  private final AtomicBoolean sweepPending = new AtomicBoolean();
  private volatile Timers.@Nullable Timer nextSweep;

  /**
   * @param timeout after which a run is cancelled; null for never
   * @param fence around all runs
   */
  Flights(
      String loop,
      @Nullable Duration timeout,
      Fence fence,
      Environment environment,
      Executor executor) {
    this.loop = loop;
    this.timeout = timeout;
    this.fence = fence;
    this.environment = environment;
    this.executor = executor;
  }

  Flight begin(ObjectKey key, String id) {
    Flight flight = new Flight(id, environment.ticker().nanos(), Cancellation.within(fence));
    flightByKey.put(key, flight);
    scheduleSweep();
    if (timeout != null) {
      flight.timer = environment.timers().schedule(timeout, executor, () -> timedOut(flight));
    }
    return flight;
  }

  /** Ends a flight and gives how long it took. */
  Duration end(ObjectKey key, Flight flight) {
    flightByKey.remove(key);
    flight.endTimer();
    return environment.ticker().since(flight.startNanos);
  }

  /** What is under way, the longest first. */
  List<LoopState.InFlight> list(Instant now) {
    List<LoopState.InFlight> all = new ArrayList<>();
    flightByKey.forEach(
        (key, flight) -> {
          Duration age = environment.ticker().since(flight.startNanos);
          all.add(new LoopState.InFlight(key, flight.id, now.minus(age), age));
        });
    all.sort(Comparator.comparing(LoopState.InFlight::age).reversed());
    return all;
  }

  List<ObjectKey> keys() {
    return flightByKey.keySet().stream().sorted().toList();
  }

  /** Cancels all that are under way. */
  void cancel(String why) {
    flightByKey.values().forEach(flight -> flight.cancel(why));
  }

  /** Lets go of runs that nobody waits for any more, and gives them. None begins after this. */
  List<Flight> abandon() {
    Timers.Timer sweep = nextSweep;
    if (sweep != null) {
      sweep.cancel();
    }
    List<Flight> abandoned = List.copyOf(flightByKey.values());
    abandoned.forEach(Flight::endTimer);
    flightByKey.clear();
    return abandoned;
  }

  private void timedOut(Flight flight) {
    flight.timedOut = true;
    flight.cancel("the run has taken " + timeout);
  }

  private void scheduleSweep() {
    if (sweepPending.compareAndSet(false, true)) {
      nextSweep = environment.timers().schedule(SWEEP, executor, this::sweep);
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

  /**
   * One key in flight.
   *
   * <p>{@code warned} is only touched by sweeps, of which there is one at a time; {@code timedOut}
   * is set by the timer; the thread that decides is guarded by {@code lock}, so that an interrupt
   * reaches it while it decides and never later.
   */
  static final class Flight {

    private final String id;
    private final long startNanos;
    private final Cancellation cancellation;
    private final Object lock = new Object();
    private volatile boolean warned;
    private volatile boolean timedOut;
    private volatile Timers.@Nullable Timer timer;
    private @Nullable Thread deciding;

    private Flight(String id, long startNanos, Cancellation cancellation) {
      this.id = id;
      this.startNanos = startNanos;
      this.cancellation = cancellation;
    }

    private void endTimer() {
      Timers.Timer running = timer;
      if (running != null) {
        running.cancel();
      }
    }

    String id() {
      return id;
    }

    long startNanos() {
      return startNanos;
    }

    Cancellation cancellation() {
      return cancellation;
    }

    boolean hasTimedOut() {
      return timedOut;
    }

    /** The calling thread reads and decides from here on. */
    void enterDecision() {
      synchronized (lock) {
        deciding = Thread.currentThread();
      }
    }

    /** It does no more; an interrupt that came by a cancellation ends here. */
    void leaveDecision() {
      synchronized (lock) {
        deciding = null;
        if (cancellation.isCancelled()) {
          boolean unused = Thread.interrupted();
        }
      }
    }

    void cancel(String why) {
      synchronized (lock) {
        if (cancellation.cancel(why) && deciding != null) {
          deciding.interrupt();
        }
      }
    }
  }
}
