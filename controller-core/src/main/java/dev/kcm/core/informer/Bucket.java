package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The objects that an index files under one value.
 *
 * <p>A few of them stand in an array that is copied for each change: most buckets, such as the pods
 * of one owner, never outgrow it, and it is a tenth the size of a map. More of them go into a map.
 *
 * <p>Thread-safe for any number of readers and one writer at a time: {@code content} publishes what
 * the writer made, either an array or a concurrent map.
 *
 * @param <T> model class
 */
final class Bucket<T> {

  private static final int FEW = 16;

  private record Entry<T>(ObjectKey key, T object) {}

  private sealed interface Content<T> {}

  private record Few<T>(List<Entry<T>> entries) implements Content<T> {}

  private record Many<T>(Map<ObjectKey, T> byKey) implements Content<T> {}

  private volatile Content<T> content = new Few<>(List.of());

  /** Adds or replaces. */
  void put(ObjectKey key, T object) {
    if (content instanceof Many<T> many) {
      many.byKey.put(key, object);
      return;
    }
    List<Entry<T>> entries = without(key);
    entries.add(new Entry<>(key, object));
    if (entries.size() <= FEW) {
      content = new Few<>(List.copyOf(entries));
      return;
    }
    Map<ObjectKey, T> byKey = new ConcurrentHashMap<>();
    entries.forEach(entry -> byKey.put(entry.key, entry.object));
    content = new Many<>(byKey);
  }

  /** Removes, and says whether nothing is left. */
  boolean remove(ObjectKey key) {
    if (content instanceof Many<T> many) {
      many.byKey.remove(key);
      return many.byKey.isEmpty();
    }
    List<Entry<T>> entries = without(key);
    content = new Few<>(List.copyOf(entries));
    return entries.isEmpty();
  }

  private List<Entry<T>> without(ObjectKey key) {
    List<Entry<T>> entries = new ArrayList<>(FEW + 1);
    if (content instanceof Few<T> few) {
      for (Entry<T> entry : few.entries) {
        if (!entry.key.equals(key)) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  List<T> list() {
    Content<T> now = content;
    if (now instanceof Many<T> many) {
      return new ArrayList<>(many.byKey.values());
    }
    List<T> objects = new ArrayList<>();
    if (now instanceof Few<T> few) {
      for (Entry<T> entry : few.entries) {
        objects.add(entry.object);
      }
    }
    return objects;
  }
}
