package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.RememberingReconciler;
import dev.kcm.core.plan.Turn;
import java.time.Instant;

/**
 * Says of a rule that its expressions have no answer, once for each problem.
 *
 * <p>Immutable.
 */
final class RuleCheckReconciler implements RememberingReconciler<RuleCheckSnapshot, RuleProblem> {

  @Override
  public Turn<RuleProblem> decide(RuleCheckSnapshot snapshot, RuleProblem told, Instant now) {
    RuleProblem problem = snapshot.problem();
    Plan plan =
        problem.equals(told) || problem.equals(RuleProblem.NONE)
            ? Plan.NOTHING
            : Plan.of(
                new Action.Emit(
                    snapshot.rule(),
                    DeviceKinds.RULES,
                    Action.Severity.WARNING,
                    problem.reason(),
                    problem.message(),
                    "the rule does not taint all it is meant for"));
    return new Turn<>(plan, problem);
  }
}
