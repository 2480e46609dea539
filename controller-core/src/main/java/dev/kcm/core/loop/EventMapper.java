package dev.kcm.core.loop;

import dev.kcm.core.object.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of one informer into keys of one loop. It decides nothing and writes nothing.
 *
 * <p>Called like an {@link dev.kcm.core.informer.EventHandler}: one call at a time, in order.
 *
 * @param <T> model class
 */
public interface EventMapper<T> {

  /** An object appeared. */
  void added(T object, boolean initial, Keys keys);

  /** An object changed, or a resync repeats it. */
  void updated(T old, T current, Keys keys);

  /**
   * An object is gone.
   *
   * @param last its last known state; null when none was ever known
   * @param finalStateUnknown whether {@code last} may be stale
   */
  void deleted(ObjectKey key, @Nullable T last, boolean finalStateUnknown, Keys keys);
}
