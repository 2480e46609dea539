package dev.kcm.core.queue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work in the order it was started: a list threaded through its elements, so that starting and
 * ending allocate nothing.
 *
 * <p>Confined to the lock of its queue.
 *
 * @param <W> element
 */
final class WorkInProgress<W extends WorkInProgress.Work<W>> {

  private @Nullable W oldest;
  private @Nullable W newest;

  void start(W work, long nowNanos) {
    work.working = true;
    work.startedNanos = nowNanos;
    work.older = newest;
    if (newest == null) {
      oldest = work;
    } else {
      newest.newer = work;
    }
    newest = work;
  }

  void end(W work) {
    work.working = false;
    if (work.older == null) {
      oldest = work.newer;
    } else {
      work.older.newer = work.newer;
    }
    if (work.newer == null) {
      newest = work.older;
    } else {
      work.newer.older = work.older;
    }
    work.older = null;
    work.newer = null;
  }

  void forEach(Consumer<W> consumer) {
    for (W work = oldest; work != null; work = work.newer) {
      consumer.accept(work);
    }
  }

  long sumOfAges(long nowNanos) {
    long sum = 0;
    for (W work = oldest; work != null; work = work.newer) {
      sum += nowNanos - work.startedNanos;
    }
    return sum;
  }

  long longestAge(long nowNanos) {
    return oldest == null ? 0 : nowNanos - oldest.startedNanos;
  }

  /** An element; its fields belong to the list. Confined to the lock of its queue. */
  abstract static class Work<W extends Work<W>> {

    @Nullable W older;
    @Nullable W newer;
    boolean working;
    long startedNanos;

    final boolean isWorking() {
      return working;
    }

    final long startedNanos() {
      return startedNanos;
    }
  }
}
