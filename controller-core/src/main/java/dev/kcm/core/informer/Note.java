package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * What a handler is told.
 *
 * @param <T> model class
 */
sealed interface Note<T> {

  /** The object it is about. */
  ObjectKey key();

  /** Tells it. */
  void deliver(EventHandler<? super T> handler);

  /**
   * The one note that stands for this and the next one of the same object; null when both must be
   * told.
   */
  @Nullable Note<T> merge(Note<T> next);

  /** A new object. */
  record Add<T>(ObjectKey key, T object, boolean initial) implements Note<T> {

    @Override
    public void deliver(EventHandler<? super T> handler) {
      handler.onAdd(object, initial);
    }

    @Override
    public @Nullable Note<T> merge(Note<T> next) {
      if (next instanceof Update<T> update) {
        return new Add<>(key, update.current, initial);
      }
      return next instanceof Resync<T> ? this : null;
    }
  }

  /** A changed object. */
  record Update<T>(ObjectKey key, T old, T current) implements Note<T> {

    @Override
    public void deliver(EventHandler<? super T> handler) {
      handler.onUpdate(old, current);
    }

    @Override
    public @Nullable Note<T> merge(Note<T> next) {
      if (next instanceof Update<T> update) {
        return new Update<>(key, old, update.current);
      }
      if (next instanceof Delete<T>) {
        return next;
      }
      return next instanceof Resync<T> ? this : null;
    }
  }

  /** An object told again. */
  record Resync<T>(ObjectKey key, T object) implements Note<T> {

    @Override
    public void deliver(EventHandler<? super T> handler) {
      handler.onUpdate(object, object);
    }

    @Override
    public @Nullable Note<T> merge(Note<T> next) {
      return next instanceof Add<T> ? null : next;
    }
  }

  /** An object that is gone. */
  record Delete<T>(ObjectKey key, @Nullable T last, boolean finalStateUnknown) implements Note<T> {

    @Override
    public void deliver(EventHandler<? super T> handler) {
      handler.onDelete(key, last, finalStateUnknown);
    }

    @Override
    public @Nullable Note<T> merge(Note<T> next) {
      return null;
    }
  }
}
