package dev.kcm.core.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;

/**
 * Takes the events of an election: type Normal, reason {@value #REASON}.
 *
 * <p>Called on a thread of its own; what it throws is logged and has no other effect.
 */
@FunctionalInterface
public interface LeaderEvents {

  /** Reason of all events. */
  String REASON = "LeaderElection";

  /** Drops all events. */
  LeaderEvents NONE = (lease, message) -> {};

  /**
   * Records an event.
   *
   * @param lease the Lease it is about
   * @param message for example {@code host_uuid became leader}
   */
  void record(Lease lease, String message);
}
