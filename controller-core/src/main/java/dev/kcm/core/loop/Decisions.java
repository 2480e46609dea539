package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who decides in one running loop, with what it remembers of each key.
 *
 * <p>Thread-safe; for one key there is one call at a time, besides {@link #preview}.
 *
 * @param <S> snapshot
 */
interface Decisions<S> {

  /** A plan, and what to do once it ran to its end. */
  Decided decide(ObjectKey key, S snapshot, Instant now);

  /** The plan alone; remembers nothing. */
  Plan preview(ObjectKey key, S snapshot, Instant now);

  /** There is no such object any more. */
  void forget(ObjectKey key);

  /**
   * A decision.
   *
   * @param plan what to do
   * @param commit keeps the memory
   */
  record Decided(Plan plan, Runnable commit) {

    static final Runnable NOTHING_TO_KEEP = () -> {};
  }

  /** Of a reconciler that remembers nothing. */
  static <S> Decisions<S> of(Reconciler<S> reconciler) {
    return new Plain<>(reconciler);
  }

  /** Of a reconciler that remembers, with no memories yet. */
  static <S, M> Decisions<S> of(RememberingReconciler<S, M> reconciler, M empty) {
    return new Remembering<>(reconciler, empty, new ConcurrentHashMap<>());
  }

  /**
   * Remembers nothing.
   *
   * @param reconciler decides
   */
  record Plain<S>(Reconciler<S> reconciler) implements Decisions<S> {

    @Override
    public Decided decide(ObjectKey key, S snapshot, Instant now) {
      return new Decided(reconciler.decide(snapshot, now), Decided.NOTHING_TO_KEEP);
    }

    @Override
    public Plan preview(ObjectKey key, S snapshot, Instant now) {
      return reconciler.decide(snapshot, now);
    }

    @Override
    public void forget(ObjectKey key) {
      // There is nothing to forget.
    }
  }

  /**
   * Remembers.
   *
   * @param reconciler decides
   * @param empty memory of a key that has none, and the one that need not be kept
   * @param memoryByKey concurrent
   */
  record Remembering<S, M>(
      RememberingReconciler<S, M> reconciler, M empty, Map<ObjectKey, M> memoryByKey)
      implements Decisions<S> {

    @Override
    public Decided decide(ObjectKey key, S snapshot, Instant now) {
      Turn<M> turn = turn(key, snapshot, now);
      return new Decided(turn.plan(), () -> keep(key, turn.memory()));
    }

    @Override
    public Plan preview(ObjectKey key, S snapshot, Instant now) {
      return turn(key, snapshot, now).plan();
    }

    @Override
    public void forget(ObjectKey key) {
      memoryByKey.remove(key);
    }

    private Turn<M> turn(ObjectKey key, S snapshot, Instant now) {
      return reconciler.decide(snapshot, memoryByKey.getOrDefault(key, empty), now);
    }

    private void keep(ObjectKey key, M memory) {
      if (memory.equals(empty)) {
        memoryByKey.remove(key);
      } else {
        memoryByKey.put(key, memory);
      }
    }
  }
}
