package dev.kcm.core.object;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A list without spare room. Nulls are fine, as in the lists it stands for.
 *
 * <p>Immutable.
 *
 * @param <E> class of the elements
 */
final class PackedList<E extends @Nullable Object> extends AbstractList<E>
    implements RandomAccess, Serializable {

  private static final long serialVersionUID = 1L;

  private final transient @Nullable Object[] elements;

  private PackedList(@Nullable Object[] elements) {
    this.elements = elements;
  }

  static <E extends @Nullable Object> List<E> of(List<E> list) {
    if (list instanceof PackedList<E>) {
      return list;
    }
    return switch (list.size()) {
      case 0 -> Collections.emptyList();
      case 1 -> Collections.singletonList(list.get(0));
      default -> new PackedList<>(list.toArray());
    };
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the array came from a list of these
  public E get(int index) {
    return (E) elements[index];
  }

  @Override
  public int size() {
    return elements.length;
  }

  /** Written as a list that everybody can read. */
  private Object writeReplace() {
    return new ArrayList<>(this);
  }
}
