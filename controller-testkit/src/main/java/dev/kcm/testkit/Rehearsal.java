package dev.kcm.testkit;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Report.Skipped;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A plan and all that follow from it, carried out against a {@link Responder} by the rules of the
 * executor, on the calling thread and without time.
 *
 * @param turns the plans in order
 * @param results what became of every action of every turn
 * @param verdict how the run ended; a rejection that no {@code then} dealt with is a retry
 */
public record Rehearsal(List<Plan> turns, List<Result> results, Verdict verdict) {

  public Rehearsal {
    turns = List.copyOf(turns);
    results = List.copyOf(results);
  }

  /**
   * Carries a plan out.
   *
   * @throws AssertionError when it goes on for more than {@link Plan#MAX_TURNS} turns
   */
  public static Rehearsal of(Plan plan, Responder responder) {
    List<Plan> turns = new ArrayList<>();
    List<Result> results = new ArrayList<>();
    Plan turn = plan;
    while (true) {
      turns.add(turn);
      Report report = carryOut(turn, responder);
      results.addAll(report.results());
      Function<Report, Plan> then = turn.then();
      if (then == null) {
        return new Rehearsal(turns, results, verdict(turn, report));
      }
      if (turns.size() == Plan.MAX_TURNS) {
        throw new AssertionError(
            "the plan goes on after " + Plan.MAX_TURNS + " turns; the first was\n" + plan);
      }
      turn = then.apply(report);
    }
  }

  /** Every action of every turn, in order. */
  public List<Action> actions() {
    return turns.stream().flatMap(turn -> turn.actions().stream()).toList();
  }

  /** Every action of one kind that was tried, carried out or not. */
  public <A extends Action> List<A> tried(Class<A> kind) {
    return results.stream()
        .filter(result -> !(result instanceof Skipped))
        .map(Result::action)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  /** All turns as one plan, ending with the verdict of the run. */
  public Plan whole() {
    List<Stage> stages = turns.stream().flatMap(turn -> turn.stages().stream()).toList();
    return new Plan(stages, null, verdict);
  }

  private static Report carryOut(Plan turn, Responder responder) {
    List<Result> results = new ArrayList<>();
    for (Stage stage : turn.stages()) {
      responder.begins(stage);
      results.addAll(carryOut(stage, responder));
    }
    return new Report(results);
  }

  private static List<Result> carryOut(Stage stage, Responder responder) {
    List<Result> results = new ArrayList<>();
    int size = stage.actions().size();
    int batch = firstBatch(stage);
    boolean stopped = false;
    while (results.size() < size) {
      int end = Math.min(size, results.size() + batch);
      boolean rejected = false;
      while (results.size() < end) {
        Action action = stage.actions().get(results.size());
        Result result = stopped ? new Skipped(action) : responder.answer(action);
        responder.ended(result);
        Result told = told(result);
        rejected |= told instanceof Rejected;
        results.add(told);
      }
      stopped |= rejected && stopsOnRejection(stage);
      batch = stage.order() == Stage.Order.SLOW_START ? batch * 2 : batch;
    }
    return results;
  }

  /** A deletion that finds nothing to delete has reached its aim. */
  private static Result told(Result result) {
    return result instanceof Rejected rejected
            && rejected.action() instanceof Action.Delete<?> delete
            && rejected.error().kind() == ApiError.Kind.NOT_FOUND
        ? Applied.gone(delete)
        : result;
  }

  private static int firstBatch(Stage stage) {
    return stage.order() == Stage.Order.PARALLEL ? Math.max(1, stage.actions().size()) : 1;
  }

  private static boolean stopsOnRejection(Stage stage) {
    return stage.order() == Stage.Order.SEQUENTIAL || stage.order() == Stage.Order.SLOW_START;
  }

  private static Verdict verdict(Plan last, Report report) {
    return report.rejected().stream()
        .filter(rejected -> !isQuiet(rejected))
        .findFirst()
        .map(rejected -> Verdict.retry(rejected.error()))
        .orElse(last.verdict());
  }

  static boolean isQuiet(Rejected rejected) {
    return rejected.action() instanceof Action.Create && rejected.error().namespaceTerminating();
  }
}
