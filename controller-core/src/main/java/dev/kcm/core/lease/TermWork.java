package dev.kcm.core.lease;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callbacks of one term: a start, then exactly one stop if the start was called.
 *
 * <p>Thread-safe: one atomic state decides.
 */
final class TermWork {

  private static final Logger log = LoggerFactory.getLogger(TermWork.class);

  private final LeaderCallbacks callbacks;
  private final Executor executor;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private enum State {
    NEW,
    STARTED,
    STOPPED
  }

  TermWork(LeaderCallbacks callbacks, Executor executor) {
    this.callbacks = callbacks;
    this.executor = executor;
  }

  /** Calls the start on a thread of its own. */
  void start(LeaderToken token, Consumer<Throwable> failed) {
    executor.execute(
        () -> {
          if (!state.compareAndSet(State.NEW, State.STARTED)) {
            return;
          }
          try {
            callbacks.onStartedLeading(token);
          } catch (RuntimeException e) {
            failed.accept(e);
          } catch (Error e) {
            failed.accept(e);
            throw e;
          }
        });
  }

  /**
   * Calls the stop on a thread of its own, once, unless the start was not called.
   *
   * @return completes when the work has ended; exceptionally when the stop failed
   */
  CompletableFuture<Void> stop(LeaderCallbacks.StopReason reason) {
    State before = state.getAndSet(State.STOPPED);
    if (before == State.NEW) {
      ended.complete(null);
    } else if (before == State.STARTED) {
      executor.execute(() -> callStop(reason));
    }
    return ended;
  }

  private void callStop(LeaderCallbacks.StopReason reason) {
    try {
      var unused =
          callbacks
              .onStoppedLeading(reason)
              .whenComplete(
                  (nothing, error) -> {
                    if (error == null) {
                      ended.complete(null);
                    } else {
                      ended.completeExceptionally(error);
                    }
                  });
    } catch (RuntimeException e) {
      log.error("The callback for the end of leadership failed; its work counts as not ended", e);
      ended.completeExceptionally(e);
    }
  }
}
