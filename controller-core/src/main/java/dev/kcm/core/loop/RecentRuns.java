package dev.kcm.core.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last run of each of the keys that ran last, for those who look on.
 *
 * <p>Noting a run allocates nothing: its slot is there already, and plan and outcome are kept as
 * they are. They are put into words only when somebody asks. Of plans with very many actions only a
 * count is kept, so that what is remembered stays small.
 *
 * <p>Guarded by {@code slots}.
 */
final class RecentRuns {

  /** How many keys are remembered. */
  static final int KEYS = 128;

  /** A plan with more actions than this is remembered by their number alone. */
  static final int MOST_ACTIONS = 64;

  @GuardedBy("slots") private final List<Slot> slots = Stream.generate(Slot::new).limit(KEYS).toList();

  @GuardedBy("slots") private final Slot failure = new Slot();

  /** A run that has ended; empty while {@code key} is null. */
  private static final class Slot {
    private @Nullable ObjectKey key;
    private @Nullable Plan plan;
    private @Nullable Outcome outcome;
    private String id = "";
    private int actions;
    private long endedNanos;
    private long tookNanos;

    private void set(
        ObjectKey of, String run, @Nullable Plan decided, Outcome ended, long at, long took) {
      key = of;
      id = run;
      outcome = ended;
      endedNanos = at;
      tookNanos = took;
      actions = decided == null ? 0 : count(decided);
      plan = actions > MOST_ACTIONS ? null : decided;
    }

    private static int count(Plan plan) {
      int count = 0;
      for (int i = 0; i < plan.stages().size(); i++) {
        count += plan.stages().get(i).actions().size();
      }
      return count;
    }
  }

  /**
   * Notes the end of a run.
   *
   * @param plan what was decided; null when nothing was
   * @param endedNanos when it ended, on the ticker
   * @param tookNanos how long it took
   */
  void note(
      ObjectKey key,
      String id,
      @Nullable Plan plan,
      Outcome outcome,
      long endedNanos,
      long tookNanos) {
    boolean failed =
        outcome.verdict() instanceof Verdict.Retry || outcome.verdict() instanceof Verdict.Drop;
    synchronized (slots) {
      slotFor(key).set(key, id, plan, outcome, endedNanos, tookNanos);
      if (failed) {
        failure.set(key, id, plan, outcome, endedNanos, tookNanos);
      }
    }
  }

  /** The slot of the key, or the one that was not used for longest. */
  @GuardedBy("slots") private Slot slotFor(ObjectKey key) {
    Slot oldest = slots.get(0);
    for (int i = 0; i < KEYS; i++) {
      Slot slot = slots.get(i);
      if (slot.key == null || slot.key.equals(key)) {
        return slot;
      }
      if (slot.endedNanos - oldest.endedNanos < 0) {
        oldest = slot;
      }
    }
    return oldest;
  }

  /**
   * The runs, the latest first.
   *
   * @param nowNanos on the ticker
   * @param now the same moment as a time of day
   */
  List<LoopState.LastRun> list(long nowNanos, Instant now) {
    List<LoopState.LastRun> runs = new ArrayList<>();
    synchronized (slots) {
      slots.forEach(slot -> inWords(slot, nowNanos, now).ifPresent(runs::add));
    }
    runs.sort(Comparator.comparing(LoopState.LastRun::ended).reversed());
    return runs;
  }

  /** The last run that failed. */
  Optional<LoopState.LastRun> lastFailure(long nowNanos, Instant now) {
    synchronized (slots) {
      return inWords(failure, nowNanos, now);
    }
  }

  private static Optional<LoopState.LastRun> inWords(Slot slot, long nowNanos, Instant now) {
    ObjectKey key = slot.key;
    Outcome outcome = slot.outcome;
    return key == null || outcome == null
        ? Optional.empty()
        : Optional.of(
            new LoopState.LastRun(
                key,
                slot.id,
                now.minusNanos(nowNanos - slot.endedNanos),
                Duration.ofNanos(slot.tookNanos),
                plan(slot, outcome),
                outcome.verdict(),
                outcome.ending()));
  }

  private static List<String> plan(Slot slot, Outcome outcome) {
    if (slot.plan != null) {
      return PlanText.of(slot.plan).lines().toList();
    }
    if (slot.actions > 0) {
      return List.of(slot.actions + " actions");
    }
    return outcome.ending() == Outcome.Ending.DECIDED ? List.of("no such object") : List.of();
  }
}
