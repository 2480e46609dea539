package dev.kcm.core.loop;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.queue.WorkQueue;
import dev.kcm.core.time.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Takes keys out of a queue, up to a number at a time, and gives each to a function.
 *
 * <p>A slot stands for a key in flight. It borrows a thread only while there is something to
 * compute; waiting for the server takes a slot but no thread, and an idle slot takes nothing.
 *
 * <p>Thread-safe: slots are counted by an atomic; whoever gives a slot back looks at the queue once
 * more, so a key that became ready meanwhile is not left lying.
 */
final class Workers {

  /** How often a closed fence is looked at again while keys wait. */
  static final Duration FENCE_RECHECK = Duration.ofSeconds(1);

  private final WorkQueue<ObjectKey> queue;
  private final Executor executor;
  private final Timers timers;
  private final Fence fence;
  private final Function<WorkQueue.Item<ObjectKey>, CompletionStage<?>> work;

  private final Set<WorkQueue.Item<ObjectKey>> items = ConcurrentHashMap.newKeySet();
  private final AtomicInteger slots = new AtomicInteger();
  private final AtomicBoolean recheckPending = new AtomicBoolean();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile int limit;
  private volatile boolean open;
  private volatile boolean stopped;

  /**
   * @param work gives a stage that completes when the key is done; must not throw
   */
  Workers(
      WorkQueue<ObjectKey> queue,
      Executor executor,
      Timers timers,
      Fence fence,
      Function<WorkQueue.Item<ObjectKey>, CompletionStage<?>> work,
      int limit) {
    this.queue = queue;
    this.executor = executor;
    this.timers = timers;
    this.fence = fence;
    this.work = work;
    this.limit = limit;
  }

  /** Begins to take keys. */
  void open() {
    queue.onReady(this::wakeOne);
    open = true;
    wakeAll();
  }

  /** Changes how many keys may be in flight; those over the new number finish. */
  void limit(int count) {
    limit = count;
    wakeAll();
  }

  int limit() {
    return limit;
  }

  /** Keys in flight. */
  int inFlight() {
    return slots.get();
  }

  /**
   * Takes no more keys, for good.
   *
   * @return completes when the last key in flight is done
   */
  CompletableFuture<Void> stop() {
    stopped = true;
    if (slots.get() == 0) {
      drained.complete(null);
    }
    return drained;
  }

  /** Gives all keys back to the queue that was shut down, so that it has nothing left. */
  void abandon() {
    queue.shutDown();
    // First those in flight: a key that was added meanwhile becomes ready by it.
    items.forEach(WorkQueue.Item::close);
    for (var item = queue.poll(); item.isPresent(); item = queue.poll()) {
      item.get().close();
    }
  }

  private void wakeAll() {
    for (int i = queue.size(); i > 0; i--) {
      if (!wakeOneIfFree()) {
        return;
      }
    }
  }

  private void wakeOne() {
    boolean ignored = wakeOneIfFree();
  }

  private boolean wakeOneIfFree() {
    if (!open || stopped || !takeSlot()) {
      return false;
    }
    executor.execute(this::work);
    return true;
  }

  private boolean takeSlot() {
    while (true) {
      int taken = slots.get();
      if (taken >= limit) {
        return false;
      }
      if (slots.compareAndSet(taken, taken + 1)) {
        return true;
      }
    }
  }

  /** Runs with a slot, and gives it back or leaves it to the stage of a key. */
  private void work() {
    while (mayTakeKey()) {
      Optional<WorkQueue.Item<ObjectKey>> taken = queue.poll();
      if (taken.isEmpty()) {
        break;
      }
      WorkQueue.Item<ObjectKey> item = taken.get();
      items.add(item);
      CompletableFuture<?> done = work.apply(item).toCompletableFuture();
      if (!done.isDone()) {
        CompletionStage<?> later = done;
        later.whenCompleteAsync((nothing, thrown) -> goOn(item), executor);
        return;
      }
      close(item);
    }
    giveSlotBack();
  }

  private void goOn(WorkQueue.Item<ObjectKey> done) {
    close(done);
    work();
  }

  private void close(WorkQueue.Item<ObjectKey> item) {
    items.remove(item);
    item.close();
  }

  private boolean mayTakeKey() {
    if (stopped || slots.get() > limit) {
      return false;
    }
    if (fence.closedBecause().isEmpty()) {
      return true;
    }
    if (recheckPending.compareAndSet(false, true)) {
      timers.schedule(FENCE_RECHECK, executor, this::recheckFence);
    }
    return false;
  }

  private void recheckFence() {
    recheckPending.set(false);
    wakeAll();
  }

  private void giveSlotBack() {
    int left = slots.decrementAndGet();
    if (stopped) {
      if (left == 0) {
        drained.complete(null);
      }
    } else if (queue.size() > 0 && !recheckPending.get()) {
      wakeOne();
    }
  }
}
