package dev.kcm.core.object;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few entries in an array, in the order they came: a quarter of the size of a hash map, and as
 * quick to search when it is short. Nulls are fine, as in the maps it stands for.
 *
 * <p>Immutable.
 *
 * @param <V> class of the values
 */
final class PackedMap<V extends @Nullable Object> extends AbstractMap<String, V>
    implements Serializable {

  /** Longer maps are searched faster by their hashes. */
  static final int LONGEST = 16;

  private static final long serialVersionUID = 1L;

  private static final PackedMap<?> EMPTY = new PackedMap<>(Map.of());

  private final transient @Nullable Object[] pairs;

  private PackedMap(Map<String, V> entries) {
    pairs = new Object[2 * entries.size()];
    int i = 0;
    for (Map.Entry<String, V> entry : entries.entrySet()) {
      pairs[i++] = entry.getKey();
      pairs[i++] = entry.getValue();
    }
  }

  /** What a map of at most {@link #LONGEST} entries holds. */
  @SuppressWarnings("unchecked") // the empty map has no values of any class
  static <V extends @Nullable Object> PackedMap<V> of(Map<String, V> entries) {
    if (entries instanceof PackedMap<V> packed) {
      return packed;
    }
    return entries.isEmpty() ? (PackedMap<V>) EMPTY : new PackedMap<>(entries);
  }

  @Override
  public int size() {
    return pairs.length / 2;
  }

  private int find(@Nullable Object key) {
    for (int i = 0; i < pairs.length; i += 2) {
      Object known = pairs[i];
      if (known == key || (known != null && known.equals(key))) {
        return i;
      }
    }
    return -1;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only values of the map were put there
  private V value(int i) {
    return (V) pairs[i + 1];
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    int i = find(key);
    return i < 0 ? null : value(i);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return find(key) >= 0;
  }

  @Override
  @SuppressWarnings("NullAway") // a key is null only where the map it stands for had a null key
  public void forEach(BiConsumer<? super String, ? super V> action) {
    for (int i = 0; i < pairs.length; i += 2) {
      action.accept((String) pairs[i], value(i));
    }
  }

  @Override
  public Set<Map.Entry<String, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return PackedMap.this.size();
      }

      @Override
      public Iterator<Map.Entry<String, V>> iterator() {
        return new Entries();
      }
    };
  }

  /** Goes through the array. Confined to who iterates. */
  private final class Entries implements Iterator<Map.Entry<String, V>> {

    private int next;

    @Override
    public boolean hasNext() {
      return next < pairs.length;
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public Map.Entry<String, V> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int i = next;
      next += 2;
      return new SimpleImmutableEntry<>((String) pairs[i], value(i));
    }
  }

  /** Written as a map that everybody can read. */
  private Object writeReplace() {
    return new LinkedHashMap<>(this);
  }
}
