package dev.kcm.core.lease;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.concurrent.CompletableFuture;

/**
 * Where the Lease of an election is kept.
 *
 * <p>Thread-safe. Nothing blocks. Futures complete on any thread, exceptionally with an {@link
 * dev.kcm.core.api.ApiException}; they may take arbitrarily long, the elector sees to itself.
 * Requests are sent at most once.
 */
public interface LeaseLock {

  /** Namespace and name of the Lease. */
  ObjectKey key();

  /** Reads the Lease, as of now. */
  CompletableFuture<Lease> get();

  /** Creates the Lease; the answer is the Lease as stored. */
  CompletableFuture<Lease> create(Lease lease);

  /**
   * Replaces the Lease if it still has the resourceVersion of the one given; the answer is the
   * Lease as stored.
   */
  CompletableFuture<Lease> update(Lease lease);

  /**
   * Tells of changes of the Lease, as far as that is possible; what is missed, the elector finds by
   * polling. The default tells nothing.
   *
   * @param observer called on any thread, one call at a time
   * @return a handle that ends it
   */
  default Watching watch(Observer observer) {
    return () -> {};
  }

  /**
   * Where candidates for this Lease announce themselves when elections are coordinated. The default
   * is nowhere.
   */
  default LeaseCandidates candidates() {
    return LeaseCandidates.NOT_SERVED;
  }

  /** Hears of changes of the Lease. */
  interface Observer {

    /** The Lease now says this. */
    void changed(LeaseRecord record);

    /** The Lease was deleted. */
    void deleted();
  }

  /** Changes being told. */
  @FunctionalInterface
  interface Watching {

    /** Ends it. A call under way may still arrive. Idempotent. */
    void close();
  }
}
