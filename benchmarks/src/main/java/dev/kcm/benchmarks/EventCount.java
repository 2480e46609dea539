package dev.kcm.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what handlers were told, and wakes who waits for so much. Thread-safe. */
final class EventCount {

  private static final Duration TOO_LONG = Duration.ofMinutes(5);

  private final AtomicLong left = new AtomicLong();
  private volatile CountDownLatch done = new CountDownLatch(1);

  /** From now on, this many are expected. */
  EventCount expect(long count) {
    done = new CountDownLatch(1);
    left.set(count);
    return this;
  }

  void told() {
    if (left.decrementAndGet() == 0) {
      done.countDown();
    }
  }

  /** Waits until as many have been told as were expected. */
  void await() throws InterruptedException {
    if (!done.await(TOO_LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(left + " events are missing after " + TOO_LONG);
    }
  }
}
