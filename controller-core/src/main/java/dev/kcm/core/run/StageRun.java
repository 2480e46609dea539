package dev.kcm.core.run;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ApiError.Kind;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Report.Skipped;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one stage in batches: a batch starts when the one before has been answered.
 *
 * <p>Confined to the mailbox of its run.
 */
final class StageRun {

  private final Stage stage;
  private final Requests requests;
  private final ExpectedOfStage expected;
  private final Fence fence;
  private final int maxInFlight;
  private final Executor mailbox;
  private final Consumer<Result> told;

  private final @Nullable Result[] results;
  private final @Nullable CompletionStage<?>[] unanswered;
  private Runnable done = () -> {};
  private int next;
  private int batchEnd;
  private int batchSize;
  private int inFlight;
  private boolean rejectedInBatch;
  private @Nullable String stoppedBecause;

  StageRun(Stage stage, PlanRun.Services services, Executor mailbox) {
    this.stage = stage;
    this.requests = services.requests();
    this.expected = services.expected();
    this.fence = services.fence();
    this.maxInFlight = services.maxInFlight();
    this.told = services.told();
    this.mailbox = mailbox;
    this.results = new Result[stage.actions().size()];
    this.unanswered = new CompletionStage<?>[results.length];
  }

  /**
   * Starts.
   *
   * @param whenDone called once, in the mailbox, when every action has a result
   */
  void start(Runnable whenDone) {
    done = whenDone;
    pump();
  }

  /**
   * Gives up the requests that have no answer. They count as broken: nobody knows what the server
   * did.
   */
  void cancel() {
    for (CompletionStage<?> request : unanswered) {
      if (request != null) {
        request.toCompletableFuture().cancel(true);
      }
    }
  }

  /** One for each action of the stage, in order; complete when {@code done} was called. */
  List<Result> results() {
    return Arrays.asList(results);
  }

  /** Why the stage was cut short from outside; empty when it was not. */
  Optional<String> stoppedBecause() {
    return Optional.ofNullable(stoppedBecause);
  }

  private void pump() {
    do {
      while (next < batchEnd && inFlight < maxInFlight && stoppedBecause == null) {
        launch(next++);
      }
      if (inFlight > 0) {
        return;
      }
    } while (nextBatch());
    skipRest();
    done.run();
  }

  private boolean nextBatch() {
    if (stoppedBecause != null
        || batchEnd == results.length
        || (rejectedInBatch && stopsOnRejection())) {
      return false;
    }
    batchSize = nextBatchSize();
    batchEnd += Math.min(batchSize, results.length - batchEnd);
    rejectedInBatch = false;
    return true;
  }

  private boolean stopsOnRejection() {
    return stage.order() == Stage.Order.SEQUENTIAL || stage.order() == Stage.Order.SLOW_START;
  }

  private int nextBatchSize() {
    return switch (stage.order()) {
      case SEQUENTIAL, KEEP_GOING -> 1;
      case PARALLEL -> results.length;
      case SLOW_START -> batchSize == 0 ? 1 : Math.min(batchSize * 2, results.length);
    };
  }

  private void launch(int index) {
    Action action = stage.actions().get(index);
    Optional<String> closed = fence.closedBecause();
    if (closed.isPresent()) {
      stoppedBecause = closed.get();
      next = index;
      return;
    }
    Optional<CompletionStage<?>> request;
    try {
      request = action.accept(requests);
    } catch (RuntimeException e) {
      settle(index, new Rejected(action, ApiException.errorOf(e)));
      return;
    }
    if (request.isEmpty()) {
      settle(index, new Applied(action, null));
      return;
    }
    inFlight++;
    unanswered[index] = request.get();
    request.get().whenCompleteAsync((answer, thrown) -> answered(index, answer, thrown), mailbox);
  }

  private void answered(int index, @Nullable Object answer, @Nullable Throwable thrown) {
    inFlight--;
    unanswered[index] = null;
    Action action = stage.actions().get(index);
    if (thrown == null) {
      settle(index, success(action, answer));
    } else {
      settle(index, failure(action, ApiException.errorOf(thrown)));
    }
    pump();
  }

  private static Result success(Action action, @Nullable Object answer) {
    if (answer instanceof Result result) {
      return result;
    }
    return new Applied(action, answer instanceof HasMetadata object ? object : null);
  }

  private Result failure(Action action, ApiError error) {
    if (action instanceof Action.Delete<?> delete && error.kind() == Kind.NOT_FOUND) {
      // Nobody will tell of a deletion that happened before.
      expected.withdraw(action);
      return Applied.gone(delete);
    }
    return new Rejected(action, error);
  }

  private void settle(int index, Result result) {
    results[index] = result;
    if (result instanceof Rejected rejected) {
      rejectedInBatch = true;
      expected.failed(rejected.action(), rejected.error());
      if (Rejections.stops(rejected.error()) && stoppedBecause == null) {
        stoppedBecause = rejected.error().message();
      }
    }
    told.accept(result);
  }

  private void skipRest() {
    for (int i = next; i < results.length; i++) {
      Action action = stage.actions().get(i);
      expected.withdraw(action);
      results[i] = new Skipped(action);
      told.accept(results[i]);
    }
  }
}
