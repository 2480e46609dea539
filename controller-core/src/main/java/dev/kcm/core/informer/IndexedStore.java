package dev.kcm.core.informer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The local copy of a resource and its indexes.
 *
 * <p>Single changes are made in place, in concurrent maps; a whole new list is built aside and then
 * takes the place of the old one, so a reader sees either all of it or nothing.
 *
 * <p>Writers: guarded by {@code lock}. Readers take no lock: {@code contents} publishes the maps.
 *
 * @param <T> model class
 */
final class IndexedStore<T extends HasMetadata> implements Lister<T> {

  private static final String NAMESPACE = "namespace";

  private record Contents<T>(Map<ObjectKey, T> objects, Map<String, Index<T>> indexes) {}

  private final Consumer<String> indexFailures;
  private final @Nullable Imprints imprints;
  private final Object lock = new Object();
  private volatile Contents<T> contents;

  /**
   * An empty store.
   *
   * @param indexFailures told the name of an index for each object its function threw on
   * @param imprints told of each change; null for none
   */
  IndexedStore(Consumer<String> indexFailures, @Nullable Imprints imprints) {
    this.indexFailures = indexFailures;
    this.imprints = imprints;
    Index<T> byNamespace =
        new Index<>(new IndexFunction<>(NAMESPACE, IndexedStore::namespaceOf, indexFailures));
    contents = new Contents<>(new ConcurrentHashMap<>(), Map.of(NAMESPACE, byNamespace));
  }

  private static List<String> namespaceOf(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    return namespace == null || namespace.isEmpty() ? List.of() : List.of(namespace);
  }

  @Override
  public Optional<T> get(ObjectKey key) {
    return Optional.ofNullable(contents.objects.get(key));
  }

  @Override
  public List<T> list() {
    return new ArrayList<>(contents.objects.values());
  }

  @Override
  public List<T> inNamespace(String namespace) {
    return byIndex(NAMESPACE, namespace);
  }

  @Override
  public List<T> byIndex(String index, String value) {
    return index(index).list(value);
  }

  @Override
  public Set<String> indexValues(String index) {
    return index(index).values();
  }

  private Index<T> index(String name) {
    Map<String, Index<T>> indexes = contents.indexes;
    Index<T> index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException(
          "no index \"" + name + "\", there are: " + new TreeSet<>(indexes.keySet()));
    }
    return index;
  }

  @Override
  public int size() {
    return contents.objects.size();
  }

  /** The objects by key; a live view for the thread that writes. */
  Map<ObjectKey, T> objects() {
    return contents.objects;
  }

  /** Adds or replaces an object; returns its earlier state. */
  @Nullable T put(ObjectKey key, T object) {
    if (imprints != null) {
      imprints.stored(key, object);
    }
    synchronized (lock) {
      T old = contents.objects.put(key, object);
      contents.indexes.values().forEach(index -> index.change(key, old, object));
      return old;
    }
  }

  /** Removes an object; returns its last state. */
  @Nullable T remove(ObjectKey key) {
    if (imprints != null) {
      imprints.stored(key, null);
    }
    synchronized (lock) {
      T old = contents.objects.remove(key);
      if (old != null) {
        contents.indexes.values().forEach(index -> index.change(key, old, null));
      }
      return old;
    }
  }

  /** Replaces everything at once. */
  void replace(Map<ObjectKey, T> objects) {
    if (imprints != null) {
      imprints.replaced(objects);
    }
    synchronized (lock) {
      Map<String, Index<T>> indexes = new HashMap<>();
      contents.indexes.forEach(
          (name, index) -> indexes.put(name, filled(index.emptied(), objects)));
      contents = new Contents<>(new ConcurrentHashMap<>(objects), Map.copyOf(indexes));
    }
  }

  /**
   * Adds an index and files what is there.
   *
   * @return false when there is one of this name already
   */
  boolean addIndex(String name, Function<? super T, ? extends Collection<String>> values) {
    synchronized (lock) {
      if (contents.indexes.containsKey(name)) {
        return false;
      }
      publish(
          name,
          filled(new Index<>(new IndexFunction<>(name, values, indexFailures)), contents.objects));
      return true;
    }
  }

  /**
   * Takes an index away; lists read from it stay good.
   *
   * @return false when there is none of this name
   */
  boolean removeIndex(String name) {
    if (name.equals(NAMESPACE)) {
      throw new IllegalArgumentException("the index \"" + NAMESPACE + "\" cannot be removed");
    }
    synchronized (lock) {
      Map<String, Index<T>> indexes = new HashMap<>(contents.indexes);
      boolean there = indexes.remove(name) != null;
      contents = new Contents<>(contents.objects, Map.copyOf(indexes));
      return there;
    }
  }

  @GuardedBy("lock") private void publish(String name, Index<T> index) {
    Map<String, Index<T>> indexes = new HashMap<>(contents.indexes);
    indexes.put(name, index);
    contents = new Contents<>(contents.objects, Map.copyOf(indexes));
  }

  private static <T> Index<T> filled(Index<T> index, Map<ObjectKey, T> objects) {
    objects.forEach((key, object) -> index.change(key, null, object));
    return index;
  }
}
