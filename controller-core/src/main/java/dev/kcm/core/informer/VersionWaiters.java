package dev.kcm.core.informer;

import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Who waits until a store is at a version. Confined to the informer's mailbox. */
final class VersionWaiters {

  private record Waiter(String version, CompletableFuture<Boolean> result) {}

  private final PriorityQueue<Waiter> waiting =
      new PriorityQueue<>((a, b) -> ResourceVersions.compare(a.version, b.version));

  /** Completes the future, unless it completes by itself before, when the version is reached. */
  void add(String version, CompletableFuture<Boolean> result) {
    Waiter waiter = new Waiter(version, result);
    waiting.add(waiter);
    // Whoever gives up must not stay in the line of a store that stands still.
    var unused =
        result.whenComplete(
            (reached, failure) -> {
              if (!Boolean.TRUE.equals(reached)) {
                waiting.remove(waiter);
              }
            });
  }

  /** Lets all go on whose version is reached; who is after one that is not, is not reached. */
  void release(Predicate<String> reached) {
    while (!waiting.isEmpty() && reached.test(waiting.peek().version)) {
      waiting.remove().result.complete(true);
    }
  }

  /** Lets all go on: what they wait for may never come, or certainly will not. */
  void releaseAll(boolean reached) {
    while (!waiting.isEmpty()) {
      waiting.remove().result.complete(reached);
    }
  }
}
