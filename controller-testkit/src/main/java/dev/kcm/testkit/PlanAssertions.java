package dev.kcm.testkit;

import dev.kcm.core.plan.Plan;

/**
 * Entry to assertions on plans and runs, to be imported beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(plan).creates(3, Pod.class).inOrder(SLOW_START).because("too few pods");
 * }</pre>
 *
 * <p>Immutable.
 */
public final class PlanAssertions {

  private PlanAssertions() {}

  /** Assertions on a plan; what may follow from it is not looked at. */
  public static PlanAssert assertThat(Plan plan) {
    return new PlanAssert(plan);
  }

  /** Assertions on all turns of a run and on its verdict. */
  public static PlanAssert assertThat(Rehearsal run) {
    return new PlanAssert(run.whole());
  }
}
