package dev.kcm.core.plan;

import java.time.Instant;

/**
 * Decides what to do about one object.
 *
 * <p>A decision depends on nothing but its arguments: no client, cache, clock, random source,
 * thread, logger or environment. It is level-triggered: it sees the state, not the event that led
 * here, and must come to the same plan for the same state however often it is asked. It never
 * changes an object of the snapshot, which belongs to a shared cache. It does not throw for any
 * state of the world; it returns a verdict. It may be called by several threads at once for
 * different keys.
 *
 * @param <S> snapshot: a record with all inputs of the decision
 */
@FunctionalInterface
public interface Reconciler<S> {

  /**
   * The plan for a snapshot.
   *
   * @param snapshot the inputs
   * @param now time of day of this decision, for timestamps and for waiting periods
   * @return the plan; {@link Plan#NOTHING} when all is as it should be
   */
  Plan decide(S snapshot, Instant now);
}
