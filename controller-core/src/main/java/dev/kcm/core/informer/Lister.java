package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * Reads an informer's store.
 *
 * <p>Objects are shared with everybody and never changed by the reader. Lists are unordered
 * snapshots. Thread-safe; reads take no lock and never go to the server.
 *
 * @param <T> model class
 */
public interface Lister<T> {

  /** The object with this key. */
  Optional<T> get(ObjectKey key);

  /** All objects. */
  List<T> list();

  /** All objects of a namespace. */
  List<T> inNamespace(String namespace);

  /**
   * The objects that an index files under a value.
   *
   * @throws IllegalArgumentException when there is no index of this name
   */
  List<T> byIndex(String index, String value);
}
