package dev.kcm.core.lease;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Where the candidates of a coordinated election announce themselves.
 *
 * <p>Thread-safe. Nothing blocks. Futures complete on any thread, exceptionally with an {@link
 * dev.kcm.core.api.ApiException}.
 */
public interface LeaseCandidates {

  /** A place that is not there: elections are not coordinated. */
  LeaseCandidates NOT_SERVED = new NotServed();

  /**
   * Finds out whether candidates can announce themselves.
   *
   * @return completes with false when the server knows no such thing
   */
  CompletableFuture<Boolean> served();

  /**
   * Writes the candidate as alive now, making it if it is missing. Its renew time is after any ping
   * it has been sent. Only called once {@link #served()} has said true.
   */
  CompletableFuture<Void> announce(Announcement announcement);

  /**
   * Takes the candidate away, so that nobody appoints it any more. One that is gone already is not
   * an error. Only called once {@link #served()} has said true.
   *
   * @param candidate its name
   */
  CompletableFuture<Void> withdraw(String candidate);

  /**
   * Tells when a candidate has been pinged and has yet to answer.
   *
   * @param pinged called on any thread, one call at a time
   * @return a handle that ends it
   */
  LeaseLock.Watching watch(String candidate, Runnable pinged);

  /**
   * What a candidate says about itself.
   *
   * @param candidate its name, which is the identity in the election
   * @param coordination its versions
   * @param now time of day
   */
  record Announcement(String candidate, Coordination coordination, Instant now) {}

  /** See {@link #NOT_SERVED}. Immutable. */
  final class NotServed implements LeaseCandidates {

    private NotServed() {}

    @Override
    public CompletableFuture<Boolean> served() {
      return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Void> announce(Announcement announcement) {
      throw new IllegalStateException("lease candidates are not served here");
    }

    @Override
    public CompletableFuture<Void> withdraw(String candidate) {
      throw new IllegalStateException("lease candidates are not served here");
    }

    @Override
    public LeaseLock.Watching watch(String candidate, Runnable pinged) {
      return () -> {};
    }
  }
}
