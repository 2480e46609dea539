package dev.kcm.core.lease;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What an elector tells.
 *
 * <p>Calls come on threads of their own, with no lock held; none of them delays a renewal, however
 * long it takes. Starts and stops alternate strictly: a start is followed by exactly one stop, and
 * the next start comes after the stage of that stop has completed.
 */
public interface LeaderCallbacks {

  /**
   * This process leads. May return at once or stay for the whole term. An exception steps down.
   *
   * @param token tells when to end
   */
  void onStartedLeading(LeaderToken token);

  /**
   * The term that {@link #onStartedLeading} began is over, or is to end: the token is cancelled.
   *
   * <p>After {@link StopReason#STOPPED} and {@link StopReason#START_FAILED} the lease is still held
   * and renewed, and work under way may still write, until the returned stage completes or the stop
   * grace has passed; after {@link StopReason#LOST} no write leaves any more.
   *
   * @return completes when the work of the term has ended; then a lease still held is released. It
   *     is not released when the stage fails or comes too late.
   */
  CompletionStage<Void> onStoppedLeading(StopReason reason);

  /**
   * Another holder was seen, this process included; calls come one at a time, in order.
   *
   * @param identity empty when nobody holds the lease
   */
  default void onNewLeader(Optional<String> identity) {}

  /** Why leading ended. */
  enum StopReason {
    /** {@link LeaderElector#stop()} was called. */
    STOPPED,
    /** {@link #onStartedLeading} threw. */
    START_FAILED,
    /** The lease was not renewed in time, or somebody else holds it. */
    LOST
  }
}
