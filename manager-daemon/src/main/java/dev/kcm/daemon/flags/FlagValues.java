package dev.kcm.daemon.flags;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The values of all flags of a table after parsing.
 *
 * <p><i>Immutable.</i>
 */
public final class FlagValues {

  private final FlagTable table;
  private final Map<Flag<?>, Object> givenByFlag;

  private FlagValues(FlagTable table, Map<Flag<?>, Object> givenByFlag) {
    this.table = table;
    this.givenByFlag = givenByFlag;
  }

  /** Returns the value, which is the default unless the flag was given. */
  public <T> T get(Flag<T> flag) {
    Object value = givenByFlag.get(flag);
    return value == null ? flag.defaultValue() : cast(value);
  }

  // A value is only ever stored under the flag whose type read it, see Builder.add.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T cast(Object value) {
    return (T) value;
  }

  /** Tells whether the flag was given, be it with its default value. */
  public boolean isSet(Flag<?> flag) {
    return givenByFlag.containsKey(flag);
  }

  /** Returns the value as text, in the form the flag itself takes. */
  public <T> String print(Flag<T> flag) {
    return flag.type().printer().apply(get(flag));
  }

  /**
   * Returns all effective settings as text by flag name; removed flags appear only if they were
   * given.
   */
  public SortedMap<String, String> printed() {
    SortedMap<String, String> printed = new TreeMap<>();
    for (Flag<?> flag : table.flags()) {
      if (!flag.isRemoved() || isSet(flag)) {
        printed.put(flag.name(), print(flag));
      }
    }
    return printed;
  }

  /** Collects values; confined to the thread that parses. */
  static final class Builder {

    private final Map<Flag<?>, Object> givenByFlag = new LinkedHashMap<>();

    /**
     * Reads one use of a flag.
     *
     * @throws IllegalArgumentException if the text is not a value of the flag's type
     */
    <T> void add(Flag<T> flag, String text) {
      T value = flag.type().reader().read(text);
      Object earlier = givenByFlag.get(flag);
      T combined = earlier == null ? value : flag.type().combiner().apply(cast(earlier), value);
      givenByFlag.put(flag, combined);
    }

    /** Remembers that a flag was given whose text does not matter. */
    <T> void note(Flag<T> flag) {
      givenByFlag.put(flag, flag.defaultValue());
    }

    FlagValues build(FlagTable table) {
      return new FlagValues(table, Map.copyOf(givenByFlag));
    }
  }
}
