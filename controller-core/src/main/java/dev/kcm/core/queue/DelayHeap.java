package dev.kcm.core.queue;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys by the time they are due: one entry for each key, the earliest first, equal times in the
 * order they were asked for.
 *
 * <p>Confined to the lock of its queue. Times are readings of a monotonic clock, compared by
 * difference.
 *
 * @param <K> key
 */
final class DelayHeap<K> {

  private final IndexedHeap<Entry<K>> heap = new IndexedHeap<>();
  private final Map<K, Entry<K>> entryByKey = new HashMap<>();
  private long sequence;

  int size() {
    return heap.size();
  }

  boolean isEmpty() {
    return heap.size() == 0;
  }

  /** The earliest entry; null when there is none. */
  @Nullable Entry<K> earliest() {
    return heap.peek();
  }

  /** Adds a key, or moves it to an earlier time and a higher priority, never the other way. */
  void put(K key, long dueNanos, int priority) {
    Entry<K> entry = entryByKey.get(key);
    if (entry == null) {
      Entry<K> fresh = new Entry<>(key, dueNanos, priority, sequence++);
      entryByKey.put(key, fresh);
      heap.add(fresh);
      return;
    }
    entry.priority = Math.max(priority, entry.priority);
    if (dueNanos - entry.dueNanos < 0) {
      entry.dueNanos = dueNanos;
      entry.order = sequence++;
      heap.movedForward(entry);
    }
  }

  /** Takes the earliest entry if it is due, else null. */
  @Nullable Entry<K> pollDue(long nowNanos) {
    Entry<K> first = heap.peek();
    if (first == null || first.dueNanos - nowNanos > 0) {
      return null;
    }
    entryByKey.remove(first.key);
    return heap.poll();
  }

  /** The keys that wait, in no order. */
  Iterable<K> keys() {
    return entryByKey.keySet();
  }

  void clear() {
    heap.clear();
    entryByKey.clear();
  }

  /** Confined to the heap. */
  static final class Entry<K> implements IndexedHeap.Element<Entry<K>> {

    private final K key;
    private long dueNanos;
    private int priority;
    private long order;
    private int place;

    private Entry(K key, long dueNanos, int priority, long order) {
      this.key = key;
      this.dueNanos = dueNanos;
      this.priority = priority;
      this.order = order;
    }

    K key() {
      return key;
    }

    long dueNanos() {
      return dueNanos;
    }

    int priority() {
      return priority;
    }

    @Override
    public boolean isBefore(Entry<K> other) {
      long difference = dueNanos - other.dueNanos;
      return difference != 0 ? difference < 0 : order < other.order;
    }

    @Override
    public int place() {
      return place;
    }

    @Override
    public void place(int newPlace) {
      place = newPlace;
    }
  }
}
