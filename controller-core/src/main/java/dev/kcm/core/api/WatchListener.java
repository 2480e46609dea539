package dev.kcm.core.api;

import dev.kcm.core.object.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Receives a watch.
 *
 * <p>Calls come one at a time, in stream order, with no lock held. A slow listener slows its own
 * stream down and no other.
 *
 * @param <T> model class
 */
public interface WatchListener<T> {

  /** Event types that carry an object. */
  enum Type {
    /** It was created, or began to match the selection. */
    ADDED,
    /** It was changed. */
    MODIFIED,
    /** It was deleted, or ceased to match the selection. */
    DELETED
  }

  /** The server accepted the watch. */
  void opened();

  /** An object changed; for DELETED, its last state with the revision of the deletion. */
  void event(Type type, T object);

  /**
   * A bookmark.
   *
   * @param resourceVersion all events up to here have been sent
   * @param initialEventsEnd whether it ends the initial state of {@link
   *     WatchQuery#sendInitialEvents()}
   */
  void bookmark(String resourceVersion, boolean initialEventsEnd);

  /**
   * The watch has ended. The last call.
   *
   * @param error null after a clean end of the stream, else an ERROR event, a refused request, a
   *     broken connection or a frame that could not be decoded
   */
  void closed(@Nullable ApiError error);
}
