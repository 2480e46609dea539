package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects by values that a function reads from them.
 *
 * <p>Thread-safe for any number of readers and one writer at a time.
 *
 * @param <T> model class
 */
final class Index<T> {

  private final IndexFunction<T> function;
  private final Map<String, Bucket<T>> buckets = new ConcurrentHashMap<>();

  Index(IndexFunction<T> function) {
    this.function = function;
  }

  /** An empty index of the same function. */
  Index<T> emptied() {
    return new Index<>(function);
  }

  List<T> list(String value) {
    Bucket<T> bucket = buckets.get(value);
    return bucket == null ? List.of() : bucket.list();
  }

  /** Values under which something is filed. */
  Set<String> values() {
    return Set.copyOf(buckets.keySet());
  }

  /** Files an object, in place of an earlier state of it. */
  void change(ObjectKey key, @Nullable T old, @Nullable T current) {
    Collection<String> now = current == null ? List.of() : function.values(current);
    if (old != null) {
      for (String value : function.filedUnder(old)) {
        if (!now.contains(value)) {
          remove(key, value);
        }
      }
    }
    if (current != null) {
      for (String value : now) {
        buckets.computeIfAbsent(value, v -> new Bucket<>()).put(key, current);
      }
    }
  }

  private void remove(ObjectKey key, String value) {
    Bucket<T> bucket = buckets.get(value);
    if (bucket != null && bucket.remove(key)) {
      buckets.remove(value);
    }
  }
}
