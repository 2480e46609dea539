package dev.kcm.core.run;

import dev.kcm.core.api.Fence;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Ends one run from outside: closed for good once cancelled, and until then whenever the fence
 * around it is.
 *
 * <p>Thread-safe: the future publishes the reason.
 */
public final class Cancellation implements Fence {

  private final Fence outer;
  private final CompletableFuture<String> cancelled = new CompletableFuture<>();

  private Cancellation(Fence outer) {
    this.outer = outer;
  }

  /** Not cancelled yet. */
  public static Cancellation within(Fence outer) {
    return new Cancellation(outer);
  }

  /**
   * Cancels: what was not sent is skipped, and answers under way are not waited for.
   *
   * @return false when it was cancelled before; the first reason stays
   */
  public boolean cancel(String why) {
    return cancelled.complete(why);
  }

  /** Whether it was cancelled, whatever the fence around it says. */
  public boolean isCancelled() {
    return cancelled.isDone();
  }

  /** Completes with the reason, on the thread that cancels, or never. */
  public CompletionStage<String> cancelled() {
    return cancelled;
  }

  @Override
  public Optional<String> closedBecause() {
    @Nullable String why = cancelled.getNow(null);
    return why == null ? outer.closedBecause() : Optional.of(why);
  }

  @Override
  public Optional<String> term() {
    return outer.term();
  }
}
