package dev.kcm.core.plan;

import java.time.Instant;

/**
 * Decides like a {@link Reconciler}, and remembers something of each object from one run to the
 * next: what it observed, and when, where the API has no place for it.
 *
 * <p>The memory is a value: it is never changed, only replaced by the next one. It is kept in this
 * process and nowhere else, so a decision must do right without it: it is gone after a change of
 * leadership, and when the object is. All else that is said of a {@link Reconciler} holds.
 *
 * @param <S> snapshot: a record with all inputs of the decision
 * @param <M> memory: an immutable record
 */
@FunctionalInterface
public interface RememberingReconciler<S, M> {

  /**
   * The plan for a snapshot, and what to remember once it was carried out.
   *
   * @param snapshot the inputs
   * @param memory what the last run wanted remembered, or the empty memory the loop was given
   * @param now time of day of this decision
   */
  Turn<M> decide(S snapshot, M memory, Instant now);
}
