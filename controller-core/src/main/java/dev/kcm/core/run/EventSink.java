package dev.kcm.core.run;

import dev.kcm.core.plan.Action;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Takes Events, and writes them in the background and as well as it can. Thread-safe; taking one
 * never blocks.
 */
public interface EventSink extends Consumer<Action.Emit> {

  /** How long {@link #close(Duration)} is usually given. */
  Duration FLUSH = Duration.ofSeconds(5);

  /**
   * Takes no more Events and goes on writing those that wait for at most the given time. Meters are
   * removed at the end.
   *
   * @return how many were left; completes never exceptionally
   */
  CompletableFuture<Integer> close(Duration flush);
}
