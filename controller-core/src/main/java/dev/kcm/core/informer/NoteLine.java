package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notes that wait for a handler, in order. Above the soft limit a note changes one that waits for
 * the same object where nothing is lost by that; above a hard limit an object that is created and
 * deleted may vanish as a whole, where the handler's options say so.
 *
 * <p>Confined to the lock of its registration.
 *
 * @param <T> model class
 */
final class NoteLine<T> {

  /** A place in the line; what stands there changes when notes are merged. */
  private static final class Slot<T> {

    /** Null when the place is empty. */
    private @Nullable Note<T> note;

    /** The place before this one with the same key; only kept where notes can vanish. */
    private @Nullable Slot<T> older;

    private Slot(Note<T> note) {
      this.note = note;
    }
  }

  private final HandlerOptions options;
  private final Runnable onVanished;
  private final Deque<Slot<T>> slots = new ArrayDeque<>();

  /** The youngest slot of each key; only while there are more slots than the soft limit. */
  private @Nullable Map<ObjectKey, Slot<T>> youngest;

  private int length;
  private long vanished;
  private int initial;
  private int resyncs;

  /**
   * @param onVanished called when an object vanishes; must not take locks
   */
  NoteLine(HandlerOptions options, Runnable onVanished) {
    this.options = options;
    this.onVanished = onVanished;
  }

  /** How many notes wait. */
  int length() {
    return length;
  }

  /** Objects that vanished since the line was last {@linkplain #rest at rest}. */
  long vanished() {
    return vanished;
  }

  /** Whether a note that waits, or is being told, is one of the first state. */
  boolean hasInitial() {
    return initial > 0;
  }

  /** Whether a note that waits, or is being told, is of a resync. */
  boolean hasResyncs() {
    return resyncs > 0;
  }

  /** Takes a note in. */
  void add(Note<T> note) {
    if (!merged(note)) {
      append(note);
    }
  }

  /** Changes a note that waits instead of adding this one, if the line is long enough for that. */
  private boolean merged(Note<T> note) {
    boolean tooLong = mayVanish() && length >= options.hardLimit();
    if (length < options.softLimit() && !tooLong) {
      return false;
    }
    Slot<T> slot = youngest(note.key());
    Note<T> waiting = slot == null ? null : slot.note;
    if (slot == null || waiting == null) {
      return false;
    }
    if (tooLong && cancels(waiting, note)) {
      vanish(slot, waiting);
      return true;
    }
    Note<T> one = length < options.softLimit() ? null : waiting.merge(note);
    if (one == null) {
      return false;
    }
    count(waiting, -1);
    count(one, 1);
    slot.note = one;
    return true;
  }

  private boolean mayVanish() {
    return options.overflow() == HandlerOptions.Overflow.COLLAPSE
        && options.hardLimit() < Integer.MAX_VALUE;
  }

  private static boolean cancels(Note<?> waiting, Note<?> next) {
    return waiting instanceof Note.Add && next instanceof Note.Delete;
  }

  /** Takes out an add that is cancelled; what waited before it for the same object stays. */
  private void vanish(Slot<T> slot, Note<T> add) {
    slot.note = null;
    length--;
    count(add, -1);
    onVanished.run();
    vanished++;
    Map<ObjectKey, Slot<T>> known = youngest;
    if (known != null) {
      Slot<T> older = slot.older;
      if (older == null || older.note == null) {
        known.remove(add.key());
      } else {
        known.put(add.key(), older);
      }
    }
  }

  private @Nullable Slot<T> youngest(ObjectKey key) {
    Map<ObjectKey, Slot<T>> known = youngest;
    if (known == null) {
      known = new HashMap<>();
      youngest = known;
      for (Slot<T> slot : slots) {
        if (slot.note != null) {
          remember(known, slot, slot.note);
        }
      }
    }
    return known.get(key);
  }

  private void remember(Map<ObjectKey, Slot<T>> known, Slot<T> slot, Note<T> note) {
    Slot<T> older = known.put(note.key(), slot);
    if (mayVanish()) {
      slot.older = older;
    }
  }

  private void append(Note<T> note) {
    Slot<T> slot = new Slot<>(note);
    slots.add(slot);
    length++;
    count(note, 1);
    if (youngest != null) {
      remember(youngest, slot, note);
    }
  }

  private void count(Note<T> note, int change) {
    if (note instanceof Note.Add<T> add && add.initial()) {
      initial += change;
    } else if (note instanceof Note.Resync<T>) {
      resyncs += change;
    }
  }

  /** Takes the next note out; null when none waits. It counts until it is {@linkplain #told}. */
  @Nullable Note<T> poll() {
    for (Slot<T> slot = slots.poll(); slot != null; slot = slots.poll()) {
      Note<T> note = slot.note;
      slot.older = null;
      if (note != null) {
        slot.note = null;
        length--;
        if (youngest != null) {
          youngest.remove(note.key(), slot);
        }
        return note;
      }
    }
    return null;
  }

  /** A note that was taken out has been told. */
  void told(Note<T> note) {
    count(note, -1);
  }

  /** Nothing waits, and nothing is being told. */
  void rest() {
    youngest = null;
    vanished = 0;
  }

  /** Drops everything that waits. */
  void clear() {
    slots.clear();
    length = 0;
    youngest = null;
  }
}
