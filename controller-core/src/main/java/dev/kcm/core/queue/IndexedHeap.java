package dev.kcm.core.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap whose elements know their place, so that one can move forward.
 *
 * <p>Confined to the lock of its queue.
 *
 * @param <E> element
 */
final class IndexedHeap<E extends IndexedHeap.Element<E>> {

  private final List<E> elements = new ArrayList<>();

  /** What a heap holds. The place belongs to the heap. */
  interface Element<E> {

    boolean isBefore(E other);

    int place();

    void place(int newPlace);
  }

  int size() {
    return elements.size();
  }

  void add(E element) {
    element.place(elements.size());
    elements.add(element);
    movedForward(element);
  }

  /** The first element; null when there is none. */
  @Nullable E peek() {
    return elements.isEmpty() ? null : elements.get(0);
  }

  /** Takes the first element; null when there is none. */
  @Nullable E poll() {
    E first = peek();
    if (first != null) {
      E last = elements.remove(elements.size() - 1);
      if (last != first) {
        put(last, 0);
        siftDown(last);
      }
    }
    return first;
  }

  void clear() {
    elements.clear();
  }

  /** Restores the order after an element held has come before others. */
  void movedForward(E element) {
    while (element.place() > 0) {
      int parentPlace = (element.place() - 1) >>> 1;
      E parent = elements.get(parentPlace);
      if (!element.isBefore(parent)) {
        return;
      }
      put(parent, element.place());
      put(element, parentPlace);
    }
  }

  private void siftDown(E element) {
    for (E child = smallerChild(element.place());
        child != null && child.isBefore(element);
        child = smallerChild(element.place())) {
      int childPlace = child.place();
      put(child, element.place());
      put(element, childPlace);
    }
  }

  private @Nullable E smallerChild(int place) {
    int left = 2 * place + 1;
    if (left >= elements.size()) {
      return null;
    }
    E first = elements.get(left);
    if (left + 1 == elements.size()) {
      return first;
    }
    E second = elements.get(left + 1);
    return second.isBefore(first) ? second : first;
  }

  private void put(E element, int place) {
    elements.set(place, element);
    element.place(place);
  }
}
