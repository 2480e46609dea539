package dev.kcm.core.loop;

import dev.kcm.core.informer.EventHandler;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Hands events of an informer to a mapper.
 *
 * <p>Immutable.
 */
final class MappedEvents<T extends HasMetadata> implements EventHandler<T> {

  private final EventMapper<? super T> mapper;
  private final Keys changed;
  private final Keys repeated;

  /**
   * @param changed for keys of changes
   * @param repeated for keys of what was there already: the first list, resyncs
   */
  MappedEvents(EventMapper<? super T> mapper, Keys changed, Keys repeated) {
    this.mapper = mapper;
    this.changed = changed;
    this.repeated = repeated;
  }

  @Override
  public void onAdd(T object, boolean initial) {
    mapper.added(object, initial, initial ? repeated : changed);
  }

  @Override
  public void onUpdate(T old, T current) {
    mapper.updated(old, current, isSame(old, current) ? repeated : changed);
  }

  @Override
  public void onDelete(ObjectKey key, @Nullable T last, boolean finalStateUnknown) {
    mapper.deleted(key, last, finalStateUnknown, changed);
  }

  private static boolean isSame(HasMetadata old, HasMetadata current) {
    String version = current.getMetadata().getResourceVersion();
    return old == current
        || (version != null && version.equals(old.getMetadata().getResourceVersion()));
  }
}
