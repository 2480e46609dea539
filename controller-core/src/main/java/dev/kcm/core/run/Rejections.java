package dev.kcm.core.run;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Verdict;
import java.util.List;
import java.util.Set;

/**
 * What rejected actions mean when the plan itself has no opinion.
 *
 * <p>Immutable.
 */
final class Rejections {

  private static final Set<Kind> STOPPING = Set.of(Kind.FENCED, Kind.CLOSED);

  private Rejections() {}

  /** Whether nothing more can be written after this error, whatever the controller decides. */
  static boolean stops(ApiError error) {
    return STOPPING.contains(error.kind());
  }

  /**
   * Whether a rejection is the expected end of things: nothing new can live in a namespace that is
   * being deleted.
   */
  static boolean isQuiet(Action action, ApiError error) {
    return action instanceof Action.Create && error.namespaceTerminating();
  }

  /**
   * The outcome of the last plan of a run.
   *
   * @param verdict what the plan says if all went well
   */
  static Outcome outcome(Report report, Verdict verdict) {
    List<Rejected> loud =
        report.rejected().stream().filter(r -> !isQuiet(r.action(), r.error())).toList();
    if (loud.isEmpty()) {
      return Outcome.decided(verdict);
    }
    ApiError first = loud.get(0).error();
    boolean conflict = loud.stream().allMatch(r -> r.error().kind() == Kind.CONFLICT);
    return new Outcome(
        new Verdict.Retry(text(loud), first.retryAfter()),
        conflict ? Outcome.Ending.CONFLICTED : Outcome.Ending.REJECTED,
        null);
  }

  private static String text(List<Rejected> rejected) {
    Rejected first = rejected.get(0);
    String text = "cannot " + PlanText.subject(first.action()) + ": " + first.error().message();
    return rejected.size() == 1 ? text : text + " (and " + (rejected.size() - 1) + " more)";
  }
}
