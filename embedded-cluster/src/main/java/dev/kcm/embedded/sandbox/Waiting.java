package dev.kcm.embedded.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Looks again and again until something is so, or time is up. */
final class Waiting {

  private static final long PERIOD_MILLIS = 20;

  private Waiting() {}

  /** Something to look at, which may fail while a server is away. */
  interface Look<T> {
    T now() throws IOException, InterruptedException;
  }

  /**
   * What was seen and when.
   *
   * @param value the last thing seen
   * @param after time passed until then
   * @param held whether the condition held
   */
  record Seen<T>(T value, Duration after, boolean held) {}

  /** Looks until the condition holds; at the end of time returns what was seen last. */
  static <T> Seen<T> until(Duration timeout, Look<T> look, Predicate<T> condition)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      T value = look.now();
      Duration after = Duration.ofNanos(System.nanoTime() - start);
      if (condition.test(value)) {
        return new Seen<>(value, after, true);
      }
      if (after.compareTo(timeout) > 0) {
        return new Seen<>(value, after, false);
      }
      TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
    }
  }
}
