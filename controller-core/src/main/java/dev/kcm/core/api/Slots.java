package dev.kcm.core.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Bounds how many requests are under way at once; the others wait in a line that holds no thread.
 *
 * <p>Guarded by {@code waiting}; what gets a slot runs outside of it.
 */
final class Slots {

  @GuardedBy("waiting") private final Deque<BooleanSupplier> waiting = new ArrayDeque<>();

  @GuardedBy("waiting") private int free;

  Slots(int count) {
    free = count;
  }

  /**
   * Runs the task once there is a slot for it, which it holds until {@link #release()}.
   *
   * @param task returns false when it does not want the slot any more
   */
  void acquire(BooleanSupplier task) {
    synchronized (waiting) {
      if (free == 0) {
        waiting.add(task);
        return;
      }
      free--;
    }
    if (!task.getAsBoolean()) {
      release();
    }
  }

  /** Gives a slot back, or on to whoever waits longest. */
  void release() {
    BooleanSupplier next;
    do {
      synchronized (waiting) {
        next = waiting.poll();
        if (next == null) {
          free++;
          return;
        }
      }
    } while (!next.getAsBoolean());
  }
}
