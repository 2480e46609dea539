package dev.kcm.core.run;

import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one plan and those that follow from it.
 *
 * <p>Confined to its mailbox: every answer comes back as a task there, so nothing here is locked
 * and no call is deeper than one stage.
 */
final class PlanRun {

  /** When a key is looked at again whose run was stopped from outside. */
  static final Duration STOPPED_RECHECK = Duration.ofSeconds(1);

  /**
   * What a run needs of the executor.
   *
   * @param requests sends
   * @param expected counts expectations
   * @param fence asked before each write; closes for good when the run is cancelled
   * @param maxInFlight most requests of one stage at a time
   * @param told hears of each result
   */
  record Services(
      Requests requests,
      ExpectedOfStage expected,
      Cancellation fence,
      int maxInFlight,
      Consumer<Result> told) {}

  private final Services services;
  private final Executor mailbox;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  private final List<Result> results = new ArrayList<>();
  private Plan plan = Plan.NOTHING;
  private Iterator<Stage> stages = List.<Stage>of().iterator();
  private @Nullable StageRun running;
  private boolean raisedBefore;
  private int turns;

  PlanRun(Services services, Executor mailbox) {
    this.services = services;
    this.mailbox = task -> mailbox.execute(() -> guarded(task));
  }

  CompletableFuture<Outcome> start(Plan first) {
    mailbox.execute(() -> turn(first));
    var unused = services.fence().cancelled().thenRunAsync(this::cancelStage, mailbox);
    return outcome;
  }

  private void turn(Plan next) {
    turns++;
    plan = next;
    stages = next.stages().iterator();
    results.clear();
    nextStage();
  }

  private void nextStage() {
    Optional<String> closed = services.fence().closedBecause();
    if (closed.isPresent()) {
      stop();
    } else if (stages.hasNext()) {
      Stage stage = stages.next();
      raisedBefore |= services.expected().raise(stage, !raisedBefore);
      StageRun run = new StageRun(stage, services, mailbox);
      running = run;
      run.start(() -> stageDone(run));
    } else {
      endTurn();
    }
  }

  private void stageDone(StageRun run) {
    results.addAll(run.results());
    if (run.stoppedBecause().isPresent()) {
      stop();
    } else {
      mailbox.execute(this::nextStage);
    }
  }

  private void cancelStage() {
    if (running != null) {
      running.cancel();
    }
  }

  private void endTurn() {
    Report report = new Report(results);
    var then = plan.then();
    if (then == null) {
      outcome.complete(Rejections.outcome(report, plan.verdict()));
    } else if (turns == Plan.MAX_TURNS) {
      outcome.complete(
          new Outcome(
              Verdict.retry(
                  "the plan goes on after "
                      + Plan.MAX_TURNS
                      + " turns, allowed are "
                      + Plan.MAX_TURNS
                      + ": a plan's then must come to an end"),
              Outcome.Ending.CRASHED,
              null));
    } else {
      Plan next = then.apply(report);
      if (next == null) {
        throw new IllegalStateException("a plan's then gave null, allowed: Plan.NOTHING");
      }
      turn(next);
    }
  }

  private void stop() {
    outcome.complete(new Outcome(Verdict.after(STOPPED_RECHECK), Outcome.Ending.STOPPED, null));
  }

  /** Whatever is thrown, by a plan's function or by a sink, the run has an outcome. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable thrown) {
      outcome.complete(Outcome.crashed("a plan's function", thrown));
    }
  }
}
