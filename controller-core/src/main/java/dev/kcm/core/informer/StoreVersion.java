package dev.kcm.core.informer;

import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * How far a store is, and who waits until it is further.
 *
 * <p>Confined to the informer's mailbox. {@code version} and {@code abandoned} are written there
 * and read by anyone.
 */
final class StoreVersion {

  private record Waiter(String version, CompletableFuture<Boolean> result) {}

  private final PriorityQueue<Waiter> waiting =
      new PriorityQueue<>((a, b) -> ResourceVersions.compare(a.version, b.version));

  private volatile String version = "";

  /** The version the server went back from; what was written up to there may never come again. */
  private volatile String abandoned = "";

  /** The version; empty before the first list. */
  String get() {
    return version;
  }

  /** Whether everything up to a version is in the store, or there is no sense in waiting for it. */
  boolean hasReached(String wanted) {
    if (!ResourceVersions.isNumber(wanted)) {
      return true;
    }
    String now = version;
    if (now.isEmpty()) {
      return false;
    }
    String given = abandoned;
    return !ResourceVersions.isOlder(now, wanted)
        || (!given.isEmpty() && !ResourceVersions.isOlder(given, wanted));
  }

  /** Completes the future with true as soon as the version is reached. */
  void await(String wanted, CompletableFuture<Boolean> result) {
    if (hasReached(wanted)) {
      result.complete(true);
    } else {
      Waiter waiter = new Waiter(wanted, result);
      waiting.add(waiter);
      // Whoever gives up must not stay in the line of a store that stands still.
      var unused = result.whenComplete((reached, failure) -> leaves(waiter, reached));
    }
  }

  private void leaves(Waiter waiter, Boolean reached) {
    if (!Boolean.TRUE.equals(reached)) {
      waiting.remove(waiter);
    }
  }

  /** The store has everything up to this version now. */
  void reached(String now) {
    version = now;
    release();
  }

  /** The store was replaced by an older one: who waits for what was written before, goes on. */
  void rewound(String to) {
    abandoned = version;
    version = to;
    open();
  }

  /** Everybody goes on: what they wait for may never come. */
  void open() {
    while (!waiting.isEmpty()) {
      waiting.remove().result.complete(true);
    }
  }

  /** Nobody needs to wait any more, nothing will come. */
  void close() {
    while (!waiting.isEmpty()) {
      waiting.remove().result.complete(false);
    }
  }

  private void release() {
    while (!waiting.isEmpty() && hasReached(waiting.peek().version)) {
      waiting.remove().result.complete(true);
    }
  }
}
