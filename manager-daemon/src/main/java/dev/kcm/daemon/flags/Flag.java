package dev.kcm.daemon.flags;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * One flag of the command line, and the key to its value.
 *
 * @param name the long name without dashes, words joined by {@code -}
 * @param shorthand the one-letter name, or empty
 * @param type how values are read and printed
 * @param defaultValue the value when the flag is not given
 * @param help gives one or more sentences for the help; asked only when help is shown
 * @param lifecycle whether it is current, deprecated or removed
 */
public record Flag<T>(
    String name,
    String shorthand,
    FlagType<T> type,
    T defaultValue,
    Supplier<String> help,
    Lifecycle lifecycle) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Checks the name: lower-case letters, digits and single dashes. */
  public Flag {
    Objects.requireNonNull(type, "type is null");
    Objects.requireNonNull(defaultValue, "defaultValue is null");
    Objects.requireNonNull(help, "help is null");
    Objects.requireNonNull(lifecycle, "lifecycle is null");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("flag name " + name);
    }
    if (shorthand.length() > 1) {
      throw new IllegalArgumentException("flag " + name + " with long shorthand");
    }
  }

  /** Returns a current flag of any type. */
  public static <T> Flag<T> of(String name, FlagType<T> type, T defaultValue, String help) {
    return new Flag<>(name, "", type, defaultValue, () -> help, new Lifecycle.Current());
  }

  /** Returns a flag that is on or off. */
  public static Flag<Boolean> bool(String name, boolean defaultValue, String help) {
    return of(name, FlagTypes.BOOL, defaultValue, help);
  }

  /** Returns a flag that takes any text. */
  public static Flag<String> string(String name, String defaultValue, String help) {
    return of(name, FlagTypes.STRING, defaultValue, help);
  }

  /** Returns a flag that takes a list; the default is given as comma-separated text. */
  public static Flag<List<String>> strings(String name, String defaultValue, String help) {
    return of(name, FlagTypes.STRINGS, CsvRecord.read(defaultValue), help);
  }

  /** Returns a flag that takes a 32-bit number. */
  public static Flag<Integer> int32(String name, int defaultValue, String help) {
    return of(name, FlagTypes.INT32, defaultValue, help);
  }

  /** Returns a flag that takes a duration; the default is given in Go's syntax. */
  public static Flag<Duration> duration(String name, String defaultValue, String help) {
    return of(name, FlagTypes.DURATION, GoDuration.parse(defaultValue), help);
  }

  /** Returns this flag with a help text that is made when it is shown. */
  public Flag<T> helpFrom(Supplier<String> newHelp) {
    return new Flag<>(name, shorthand, type, defaultValue, newHelp, lifecycle);
  }

  /** Returns this flag with a one-letter name. */
  public Flag<T> shorthand(char letter) {
    return new Flag<>(name, String.valueOf(letter), type, defaultValue, help, lifecycle);
  }

  /** Returns this flag as one that still works, is not listed, and warns. */
  public Flag<T> deprecated(String advice) {
    return in(new Lifecycle.Discouraged(advice));
  }

  /** Returns this flag as one whose value is ignored with a warning. */
  public Flag<T> ignoredSince(String release, String advice) {
    return ignoredSince(release, text -> advice);
  }

  /** Returns this flag as one whose value is ignored with a warning that depends on the text. */
  public Flag<T> ignoredSince(String release, Function<String, String> advice) {
    return in(new Lifecycle.Removed(release, false, advice));
  }

  /** Returns this flag as one that upstream removed and that is honoured here with a warning. */
  public Flag<T> honouredSince(String release, String advice) {
    return in(new Lifecycle.Removed(release, true, text -> advice));
  }

  private Flag<T> in(Lifecycle newLifecycle) {
    return new Flag<>(name, shorthand, type, defaultValue, help, newLifecycle);
  }

  /** Tells whether the flag is one that upstream no longer has. */
  public boolean isRemoved() {
    return lifecycle instanceof Lifecycle.Removed;
  }

  /** Returns the names as error messages show them: {@code -v, --v} or {@code --port}. */
  String displayName() {
    return shorthand.isEmpty() ? "--" + name : "-" + shorthand + ", --" + name;
  }
}
