package dev.kcm.core.informer;

import dev.kcm.core.object.ApiError;
import java.time.Duration;

/**
 * Hears of the failures of informers. For information: the informer tries again by itself.
 *
 * <p>Calls come one at a time, on a thread that belongs to the handlers; the informer does not wait
 * for them. An exception is logged and means {@link Answer#GO_ON}.
 */
@FunctionalInterface
public interface ErrorHandler {

  /** What to do about it. */
  enum Answer {
    /** The informer goes on trying; the usual answer. */
    GO_ON,
    /** The informer stops for good, for all who share it. */
    STOP
  }

  /** What an informer was doing. */
  enum Phase {
    /** Listing. */
    LIST,
    /** Receiving the list as a stream. */
    STREAM,
    /** Watching. */
    WATCH
  }

  /**
   * A failure.
   *
   * @param informer whose
   * @param namespace the part of the informer; empty for all namespaces
   * @param phase what it was doing
   * @param error what went wrong
   * @param nextTry how long it waits before it tries again
   */
  record Failure(
      Informer<?> informer, String namespace, Phase phase, ApiError error, Duration nextTry) {}

  /** Hears of one. */
  Answer failed(Failure failure);
}
