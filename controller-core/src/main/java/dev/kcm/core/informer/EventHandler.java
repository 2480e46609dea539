package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes in an informer's store.
 *
 * <p>Calls come one at a time and in order, on a thread that belongs to this registration for as
 * long as it has something to tell. Objects belong to the store and are never changed by the
 * handler. An exception is logged and counted; the next notification comes.
 *
 * @param <T> model class
 */
public interface EventHandler<T> {

  /**
   * An object is new in the store.
   *
   * @param initial whether it was there when the informer first synced, or when this handler was
   *     added
   */
  void onAdd(T object, boolean initial);

  /** An object changed; or, at a resync, both arguments are the same. */
  void onUpdate(T old, T current);

  /**
   * An object is gone from the store. With a selector, it may still exist on the server.
   *
   * @param key its key
   * @param last its last known state; null when none was ever known
   * @param finalStateUnknown whether the deletion itself was missed, so that {@code last} may be
   *     stale
   */
  void onDelete(ObjectKey key, @Nullable T last, boolean finalStateUnknown);
}
