package dev.kcm.core.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers, for each key, creations and deletions that were requested but have not yet been seen
 * to arrive in the cache, so that a stale cache does not lead to creating or deleting twice.
 *
 * <p>A key is satisfied when nothing is outstanding, when nothing was ever expected, or when the
 * record is older than the time-out. Counts may go below zero; that counts as satisfied. Deletions
 * are remembered by object key, so the notice that an object is terminating and the notice that it
 * is gone count once.
 *
 * <p>Guarded by {@code lock}. No foreign code runs under it.
 */
public final class Expectations {

  /** After this long an outstanding record no longer holds a key back: 5 minutes. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Ticker ticker;
  private final Duration timeout;
  private final Object lock = new Object();

  @GuardedBy("lock") private final Map<ObjectKey, Outstanding> byKey = new HashMap<>();

  private Expectations(Ticker ticker, Duration timeout) {
    this.ticker = ticker;
    this.timeout = timeout;
  }

  /** Expectations with the time-out of {@link #TIMEOUT}. */
  public static Expectations withTicker(Ticker ticker) {
    return new Expectations(ticker, TIMEOUT);
  }

  /** Expects a number of creations; replaces what was expected for the key. */
  public void expectCreations(ObjectKey key, int count) {
    synchronized (lock) {
      byKey.put(key, new Outstanding(ticker.nanos(), count, Set.of()));
    }
  }

  /** Expects the deletion of the given objects; replaces what was expected for the key. */
  public void expectDeletions(ObjectKey key, Collection<ObjectKey> objects) {
    synchronized (lock) {
      byKey.put(key, new Outstanding(ticker.nanos(), 0, objects));
    }
  }

  /** Expects creations and deletions together; replaces what was expected for the key. */
  public void expect(ObjectKey key, int creations, Collection<ObjectKey> deletions) {
    synchronized (lock) {
      byKey.put(key, new Outstanding(ticker.nanos(), creations, deletions));
    }
  }

  /** Expects more on top of what is outstanding for the key, and starts the time-out anew. */
  public void raise(ObjectKey key, int creations, Collection<ObjectKey> deletions) {
    synchronized (lock) {
      Outstanding before = byKey.get(key);
      Outstanding raised = new Outstanding(ticker.nanos(), creations, deletions);
      if (before != null) {
        raised.creations += before.creations;
        raised.deletions.addAll(before.deletions);
      }
      byKey.put(key, raised);
    }
  }

  /** One expected creation arrived, failed, or was never tried. */
  public void creationObserved(ObjectKey key) {
    creationsObserved(key, 1);
  }

  /** Several expected creations arrived, failed, or were never tried. */
  public void creationsObserved(ObjectKey key, int count) {
    synchronized (lock) {
      Outstanding outstanding = byKey.get(key);
      if (outstanding != null) {
        outstanding.creations -= count;
      }
    }
  }

  /** An expected deletion arrived or failed. Counts once for each object. */
  public void deletionObserved(ObjectKey key, ObjectKey object) {
    synchronized (lock) {
      Outstanding outstanding = byKey.get(key);
      if (outstanding != null) {
        outstanding.deletions.remove(object);
      }
    }
  }

  /** Forgets a key. */
  public void forget(ObjectKey key) {
    synchronized (lock) {
      byKey.remove(key);
    }
  }

  /** Whether nothing is outstanding for the key, or the record is older than the time-out. */
  public boolean satisfied(ObjectKey key) {
    synchronized (lock) {
      Outstanding outstanding = byKey.get(key);
      return outstanding == null
          || (outstanding.creations <= 0 && outstanding.deletions.isEmpty())
          || ticker.since(outstanding.sinceNanos).compareTo(timeout) > 0;
    }
  }

  private static final class Outstanding {

    private final long sinceNanos;
    private final Set<ObjectKey> deletions;
    private int creations;

    private Outstanding(long sinceNanos, int creations, Collection<ObjectKey> deletions) {
      this.sinceNanos = sinceNanos;
      this.creations = creations;
      this.deletions = new HashSet<>(deletions);
    }
  }
}
