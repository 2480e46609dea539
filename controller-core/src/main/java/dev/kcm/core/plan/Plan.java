package dev.kcm.core.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What to do now, what to do after that depends on the answers, and when to look again.
 *
 * <p>Stages run one after another. A stage that had a rejection does not stop the next one: the
 * decision what a failure means is {@code then}'s. When all stages have run, {@code then} sees the
 * report and gives the next plan, whose verdict replaces this one's.
 *
 * <p>When {@code then} is absent and an action was rejected, the run counts as failed and the key
 * is retried with back-off, whatever the verdict says.
 *
 * @param stages what to do, in order; stages without actions are left out, so that a plan with
 *     nothing in it equals {@link #NOTHING}
 * @param then next plan from the answers; null when this is the last
 * @param verdict when to look at the key again
 */
public record Plan(List<Stage> stages, @Nullable Function<Report, Plan> then, Verdict verdict) {

  /** Nothing to do, nothing to wait for. */
  public static final Plan NOTHING = new Plan(List.of(), null, Verdict.DONE);

  /** Most turns (plans following each other through {@code then}) in one run. */
  public static final int MAX_TURNS = 12;

  public Plan {
    stages = withoutEmpty(stages);
  }

  /** A plan of actions one after another; a rejected one stops the rest. */
  public static Plan of(Action... actions) {
    return of(Stage.sequential(List.of(actions)));
  }

  /**
   * A plan of actions one after another; a rejected one stops the rest.
   *
   * @param actions empty for {@link #NOTHING}
   */
  public static Plan of(List<? extends Action> actions) {
    return actions.isEmpty() ? NOTHING : of(Stage.sequential(actions));
  }

  /** A plan of the action, if there is one: else {@link #NOTHING}. */
  public static Plan of(Optional<? extends Action> action) {
    return action.isEmpty() ? NOTHING : of(action.get());
  }

  /** A plan of stages. */
  public static Plan of(Stage... stages) {
    return new Plan(List.of(stages), null, Verdict.DONE);
  }

  /** A plan that does nothing and ends with the verdict. */
  public static Plan verdict(Verdict verdict) {
    return new Plan(List.of(), null, verdict);
  }

  /** This plan, followed by what the function makes of the report. */
  public Plan then(Function<Report, Plan> next) {
    return new Plan(stages, next, verdict);
  }

  /** This plan, ending with the verdict. */
  public Plan ending(Verdict end) {
    return new Plan(stages, then, end);
  }

  /** All actions of all stages, in order. */
  public List<Action> actions() {
    return stages.stream().<Action>flatMap(stage -> stage.actions().stream()).toList();
  }

  /** Whether the plan has no action, no continuation, and nothing to wait for. */
  public boolean isNothing() {
    return stages.isEmpty() && then == null && verdict.equals(Verdict.DONE);
  }

  private static List<Stage> withoutEmpty(List<Stage> stages) {
    for (Stage stage : stages) {
      if (stage.actions().isEmpty()) {
        return stages.stream().filter(s -> !s.actions().isEmpty()).toList();
      }
    }
    return List.copyOf(stages);
  }
}
