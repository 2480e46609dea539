package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /**
   * The values under which an index files at least one object; a snapshot, unordered.
   *
   * @throws IllegalArgumentException when there is no index of this name
   */
  Set<String> indexValues(String index);

  /** How many objects there are. Cheap, unlike the length of {@link #list()}. */
  int size();

  /**
   * The keys of the objects that an index files under a value.
   *
   * @throws IllegalArgumentException when there is no index of this name
   */
  default List<ObjectKey> keysByIndex(String index, String value) {
    return byIndex(index, value).stream()
        .map(object -> ObjectKey.of((HasMetadata) object))
        .toList();
  }

  /**
   * The same objects as deep copies, which belong to the caller. Each call decodes what it returns
   * anew: for occasional use, and for code that insists on changing what it reads.
   */
  default Lister<T> copying() {
    return new CopyingLister<>(this);
  }
}
