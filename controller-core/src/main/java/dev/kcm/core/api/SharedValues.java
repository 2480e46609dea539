package dev.kcm.core.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shares parts of objects that stand in JSON as equal bytes: the tolerations, probes, resources and
 * labels of pods that were made from one template. A part that is found is not even built.
 *
 * <p>Only for objects that nobody changes, as those of informers. A table of fixed size with one
 * part for each slot: a newcomer replaces what was there.
 *
 * <p>Objects of one owner stand side by side in a list, and their parts come in the same order. So
 * each entry remembers which one followed it at the same property; that one is compared first, and
 * when it is right, the bytes are neither searched for their end nor hashed.
 *
 * <p>Thread-safe: a slot is one reference to an entry, of which only the guess ever changes. Losing
 * a race between two writers costs a copy or a wrong guess.
 */
final class SharedValues {

  /** The number of properties whose values are never looked for. */
  static final int NEVER = -1;

  private static final int SLOTS = 1 << 12;

  /** Longer parts are seldom equal, and would be kept for nothing. */
  private static final int LONGEST = 1024;

  private final @Nullable Entry[] slots = new Entry[SLOTS];

  /** By number of the property; two threads that make it longer may lose what was counted. */
  private @Nullable Luck[] lucks = new Luck[256];

  /** A part and what it was read from. Immutable but for the slot of the one that followed. */
  private static final class Entry {

    private final byte[] json;
    private final ValueReader reader;
    private final @Nullable Object value;
    private int next;

    private Entry(byte[] json, ValueReader reader, @Nullable Object value) {
      this.json = json;
      this.reader = reader;
      this.value = value;
    }

    private boolean holds(ValueReader wanted, byte[] bytes, int from, int to) {
      return reader == wanted && Arrays.equals(json, 0, json.length, bytes, from, to);
    }
  }

  /**
   * How often values of one property were found, and where the last one is. Where they seldom are
   * found, looking stops for a while.
   *
   * <p>Thread-safe enough: counts that get lost only shift that decision.
   */
  private static final class Luck {

    private static final int TRIAL = 64;
    private static final int PAUSE = 1 << 14;

    private int tried;
    private int found;
    private int paused;
    private int last;

    private boolean isWorthTrying() {
      if (paused == 0) {
        return true;
      }
      paused--;
      return false;
    }

    private void tried(boolean success) {
      found += success ? 1 : 0;
      if (++tried == TRIAL) {
        paused = 2 * found < TRIAL ? PAUSE : 0;
        tried = 0;
        found = 0;
      }
    }
  }

  private Luck luck(int property) {
    @Nullable Luck[] known = lucks;
    if (property >= known.length) {
      known = Arrays.copyOf(known, Math.max(property + 1, 2 * known.length));
      lucks = known;
    }
    Luck luck = known[property];
    if (luck == null) {
      luck = new Luck();
      known[property] = luck;
    }
    return luck;
  }

  /**
   * Reads the value the cursor stands at, or returns an earlier one of the same bytes.
   *
   * @param property its number
   */
  @Nullable Object read(JsonCursor in, ValueReader reader, int property) throws Unusual {
    Luck luck = luck(property);
    if (!luck.isWorthTrying()) {
      return reader.read(in);
    }
    in.peek();
    Entry last = slots[luck.last];
    int guessed = last == null ? luck.last : last.next;
    Entry guess = slots[guessed];
    if (guess != null && guess.reader == reader && in.passed(guess.json)) {
      luck.last = guessed;
      luck.tried(true);
      return guess.value;
    }
    return search(in, reader, luck, last);
  }

  private @Nullable Object search(
      JsonCursor in, ValueReader reader, Luck luck, @Nullable Entry last) throws Unusual {
    byte[] bytes = in.bytes();
    int from = in.position();
    in.skipValue();
    int to = in.position();
    if (to - from > LONGEST) {
      luck.tried(false);
      in.goTo(from);
      return reader.read(in);
    }
    int slot = JsonCursor.hashOf(bytes, from, to) & SLOTS - 1;
    if (last != null) {
      last.next = slot;
    }
    luck.last = slot;
    Entry known = slots[slot];
    if (known != null && known.holds(reader, bytes, from, to)) {
      luck.tried(true);
      return known.value;
    }
    luck.tried(false);
    in.goTo(from);
    Object value = reader.read(in);
    slots[slot] = new Entry(Arrays.copyOfRange(bytes, from, to), reader, value);
    return value;
  }
}
