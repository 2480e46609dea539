package dev.kcm.core.loop;

import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.object.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * Hands events of an informer to a mapper.
 *
 * <p>Immutable.
 */
final class MappedEvents<T> implements EventHandler<T> {

  private final EventMapper<? super T> mapper;
  private final Keys keys;

  MappedEvents(EventMapper<? super T> mapper, Keys keys) {
    this.mapper = mapper;
    this.keys = keys;
  }

  @Override
  public void onAdd(T object, boolean initial) {
    mapper.added(object, initial, keys);
  }

  @Override
  public void onUpdate(T old, T current) {
    mapper.updated(old, current, keys);
  }

  @Override
  public void onDelete(ObjectKey key, @Nullable T last, boolean finalStateUnknown) {
    mapper.deleted(key, last, finalStateUnknown, keys);
  }
}
