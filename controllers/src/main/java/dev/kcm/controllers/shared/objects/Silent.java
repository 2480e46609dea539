package dev.kcm.controllers.shared.objects;

import dev.kcm.core.loop.EventMapper;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.object.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Events that lead to nothing: the loop only waits until their informer has everything.
 *
 * <p>Immutable.
 *
 * @param <T> model class
 */
public final class Silent<T> implements EventMapper<T> {

  @Override
  public void added(T object, boolean initial, Keys keys) {}

  @Override
  public void updated(T old, T current, Keys keys) {}

  @Override
  public void deleted(ObjectKey key, @Nullable T last, boolean finalStateUnknown, Keys keys) {}
}
