package dev.kcm.testkit.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in the streams of one resource's watches. Each setting holds for the watches that
 * are open and, unless said otherwise, for those that follow.
 *
 * <pre>{@code
 * cluster.faults().watches("pods").hold();      // pods are seen later than everything else
 * ...
 * cluster.faults().watches("pods").release();
 * }</pre>
 *
 * <p>Guarded by {@code lock}; streams are told outside of it.
 */
public final class WatchFaults {

  private final Object lock = new Object();
  private final Set<FaultyWatch<?>> open = ConcurrentHashMap.newKeySet();

  @GuardedBy("lock") private boolean held;

  @GuardedBy("lock") private boolean duplicates;

  @GuardedBy("lock") private Duration delay = Duration.ZERO;

  @GuardedBy("lock") private Duration mostJitter = Duration.ZERO;

  @GuardedBy("lock") private @Nullable Random jitter;

  WatchFaults() {}

  /** Ends the open watches as a broken connection does; what was sent before still arrives. */
  public WatchFaults cut() {
    return tell(FaultyWatch::cut);
  }

  /**
   * Ends each open watch as a broken connection does, once it has carried this many bytes of events
   * more, as they stand on the wire. The event the cut falls into is lost.
   *
   * @param bytes zero or more
   */
  public WatchFaults cutAfterBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + ", allowed: 0 or more");
    }
    return tell(watch -> watch.cutAfter(bytes));
  }

  /** Leaves the open watches half open: nothing arrives on them any more, not even their end. */
  public WatchFaults halfOpen() {
    return tell(FaultyWatch::silence);
  }

  /** Holds back everything until {@link #release()}, so that other watches are ahead. */
  public WatchFaults hold() {
    synchronized (lock) {
      held = true;
    }
    return this;
  }

  /** Delivers what was held back, in order, and lets everything pass again. */
  public WatchFaults release() {
    synchronized (lock) {
      held = false;
    }
    return tell(FaultyWatch::pump);
  }

  /** Delivers each event twice, or once again. */
  public WatchFaults duplicate(boolean twice) {
    synchronized (lock) {
      duplicates = twice;
    }
    return this;
  }

  /** Everything arrives this much later; zero for at once. */
  public WatchFaults delay(Duration later) {
    synchronized (lock) {
      delay = later;
    }
    return this;
  }

  /**
   * Each event arrives later by a time of its own, so that events of different watches change
   * places. Events of one watch keep their order.
   *
   * @param most longest time; zero for none
   * @param seed the times follow from it
   */
  public WatchFaults reorder(Duration most, long seed) {
    synchronized (lock) {
      mostJitter = most;
      jitter = new Random(seed);
    }
    return this;
  }

  void clear() {
    synchronized (lock) {
      held = false;
      duplicates = false;
      delay = Duration.ZERO;
      mostJitter = Duration.ZERO;
      jitter = null;
    }
    tell(FaultyWatch::pump);
  }

  void opened(FaultyWatch<?> watch) {
    open.add(watch);
  }

  void closed(FaultyWatch<?> watch) {
    open.remove(watch);
  }

  boolean holds() {
    synchronized (lock) {
      return held;
    }
  }

  boolean duplicates() {
    synchronized (lock) {
      return duplicates;
    }
  }

  long nextDelayNanos() {
    synchronized (lock) {
      long most = mostJitter.toNanos();
      long drawn = jitter == null || most == 0 ? 0 : jitter.nextLong(most + 1);
      return delay.toNanos() + drawn;
    }
  }

  private WatchFaults tell(Consumer<FaultyWatch<?>> what) {
    List.copyOf(open).forEach(what);
    return this;
  }
}
