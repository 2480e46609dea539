package dev.kcm.core.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys by the time they are due: one entry for each key, the earliest first, equal times in the
 * order they were asked for.
 *
 * <p>A binary heap whose entries know their place, so that a key can move up. Confined to the lock
 * of its queue. Times are readings of a monotonic clock, compared by difference.
 *
 * @param <K> key
 */
final class DelayHeap<K> {

  private final List<Entry<K>> heap = new ArrayList<>();
  private final Map<K, Entry<K>> entryByKey = new HashMap<>();
  private long sequence;

  boolean isEmpty() {
    return heap.isEmpty();
  }

  /** When the earliest key is due; the heap must not be empty. */
  long earliestNanos() {
    return heap.get(0).dueNanos;
  }

  /** Adds a key, or moves it to an earlier time; a later time changes nothing. */
  void put(K key, long dueNanos) {
    Entry<K> entry = entryByKey.get(key);
    if (entry == null) {
      entry = new Entry<>(key, dueNanos, sequence++, heap.size());
      entryByKey.put(key, entry);
      heap.add(entry);
    } else if (dueNanos - entry.dueNanos < 0) {
      entry.dueNanos = dueNanos;
      entry.order = sequence++;
    } else {
      return;
    }
    siftUp(entry);
  }

  /** Takes the earliest key if it is due, else null. */
  @Nullable K pollDue(long nowNanos) {
    if (heap.isEmpty() || heap.get(0).dueNanos - nowNanos > 0) {
      return null;
    }
    Entry<K> first = heap.get(0);
    Entry<K> last = heap.remove(heap.size() - 1);
    if (last != first) {
      place(last, 0);
      siftDown(last);
    }
    entryByKey.remove(first.key);
    return first.key;
  }

  void clear() {
    heap.clear();
    entryByKey.clear();
  }

  private void siftUp(Entry<K> entry) {
    while (entry.index > 0) {
      int parentIndex = (entry.index - 1) >>> 1;
      Entry<K> parent = heap.get(parentIndex);
      if (!entry.isBefore(parent)) {
        return;
      }
      place(parent, entry.index);
      place(entry, parentIndex);
    }
  }

  private void siftDown(Entry<K> entry) {
    for (Entry<K> child = smallerChild(entry.index);
        child != null && child.isBefore(entry);
        child = smallerChild(entry.index)) {
      int childIndex = child.index;
      place(child, entry.index);
      place(entry, childIndex);
    }
  }

  private @Nullable Entry<K> smallerChild(int index) {
    int left = 2 * index + 1;
    if (left >= heap.size()) {
      return null;
    }
    Entry<K> first = heap.get(left);
    if (left + 1 == heap.size()) {
      return first;
    }
    Entry<K> second = heap.get(left + 1);
    return second.isBefore(first) ? second : first;
  }

  private void place(Entry<K> entry, int index) {
    heap.set(index, entry);
    entry.index = index;
  }

  /** Confined to the heap. */
  private static final class Entry<K> {

    private final K key;
    private long dueNanos;
    private long order;
    private int index;

    private Entry(K key, long dueNanos, long order, int index) {
      this.key = key;
      this.dueNanos = dueNanos;
      this.order = order;
      this.index = index;
    }

    private boolean isBefore(Entry<K> other) {
      long difference = dueNanos - other.dueNanos;
      return difference != 0 ? difference < 0 : order < other.order;
    }
  }
}
