package dev.kcm.core.informer;

import dev.kcm.core.api.WatchListener;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts what the server says into the store, then into the lines of the handlers: what is told
 * follows from what the store held before, not from the type of an event.
 *
 * <p>Confined to the informer's mailbox.
 *
 * @param <T> model class
 */
final class StoreChanges<T extends HasMetadata> {

  private final IndexedStore<T> store;
  private final Intake<T> intake;
  private final Handlers<T> handlers;

  StoreChanges(IndexedStore<T> store, Intake<T> intake, Handlers<T> handlers) {
    this.store = store;
    this.intake = intake;
    this.handlers = handlers;
  }

  /**
   * Takes a list in as a whole.
   *
   * @param namespace what the list is of; empty for everything
   * @param rewound whether equal resourceVersions mean nothing
   * @param first whether the informer has not synced yet
   */
  void replace(String namespace, Collection<T> objects, boolean rewound, boolean first) {
    Map<ObjectKey, T> before = store.objects();
    Map<ObjectKey, T> fresh = new LinkedHashMap<>();
    Map<ObjectKey, T> others = outside(namespace, before);
    for (T object : objects) {
      ObjectKey key = ObjectKey.of(object);
      T known = before.get(key);
      boolean refused = intake.wasRefused(key, object);
      boolean same = known != null && !rewound && isSame(known, object);
      T current = refused || same ? known : object;
      if (current != null) {
        fresh.put(key, current);
      }
    }
    Map<ObjectKey, T> all = together(others, fresh);
    store.replace(all);
    before.forEach(
        (key, last) -> {
          if (!all.containsKey(key)) {
            handlers.post(new Note.Delete<>(key, last, true));
          }
        });
    fresh.forEach((key, object) -> listed(key, before.get(key), object, first));
  }

  private static <T> Map<ObjectKey, T> together(Map<ObjectKey, T> some, Map<ObjectKey, T> more) {
    if (some.isEmpty()) {
      return more;
    }
    Map<ObjectKey, T> all = new LinkedHashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** What a list of one namespace says nothing about. */
  private Map<ObjectKey, T> outside(String namespace, Map<ObjectKey, T> objects) {
    if (namespace.isEmpty()) {
      return Map.of();
    }
    Map<ObjectKey, T> outside = new LinkedHashMap<>(objects);
    outside.keySet().removeIf(key -> key.namespace().equals(namespace));
    return outside;
  }

  private void listed(ObjectKey key, @Nullable T known, T object, boolean first) {
    if (known == null) {
      handlers.post(new Note.Add<>(key, object, first));
    } else if (known != object) {
      handlers.postUpdate(key, known, object, isSameIncarnation(known, object));
    } else {
      handlers.postAgain(key, object);
    }
  }

  /** Takes one change in, unless the store knows better. */
  void change(WatchListener.Type change, T object) {
    ObjectKey key = ObjectKey.of(object);
    T known = store.get(key).orElse(null);
    if (known != null
        && ResourceVersions.isOlder(ResourceVersions.of(object), ResourceVersions.of(known))) {
      return;
    }
    T current = intake.prepared(object);
    boolean refused = intake.wasRefused(key, object);
    if (change == WatchListener.Type.DELETED) {
      if (known != null) {
        store.remove(key);
        handlers.post(new Note.Delete<>(key, refused ? known : current, refused));
      }
    } else if (!refused) {
      put(key, known, current);
    }
  }

  private void put(ObjectKey key, @Nullable T known, T current) {
    if (known == null) {
      store.put(key, current);
      handlers.post(new Note.Add<>(key, current, false));
    } else if (!isSame(known, current)) {
      store.put(key, current);
      handlers.postUpdate(key, known, current, isSameIncarnation(known, current));
    }
  }

  private static boolean isSame(HasMetadata known, HasMetadata object) {
    String version = ResourceVersions.of(object);
    return !version.isEmpty()
        && version.equals(ResourceVersions.of(known))
        && isSameIncarnation(known, object);
  }

  private static boolean isSameIncarnation(HasMetadata known, HasMetadata object) {
    String uid = known.getMetadata().getUid();
    return uid == null || uid.equals(object.getMetadata().getUid());
  }
}
