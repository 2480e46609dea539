package dev.kcm.daemon.flags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a command line against a table of flags.
 *
 * <p><i>Confined to the calling thread.</i>
 */
public final class FlagParser {

  /**
   * What a command line holds.
   *
   * @param values the values that could be read
   * @param problems everything wrong, in the order of the words
   * @param warnings one sentence for each deprecated or removed flag that was used
   */
  public record Outcome(FlagValues values, List<String> problems, List<String> warnings) {}

  private final FlagTable table;
  private final List<String> args;
  private final FlagValues.Builder values = new FlagValues.Builder();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> warningByFlag = new LinkedHashMap<>();
  private final List<String> words = new ArrayList<>();
  private Optional<Flag<?>> flagBeforeFirstWord = Optional.empty();
  private Optional<Flag<?>> lastAlone = Optional.empty();
  private int at;

  private FlagParser(FlagTable table, List<String> args) {
    this.table = table;
    this.args = args;
  }

  /** Parses all words; nothing in them makes this throw. */
  public static Outcome parse(FlagTable table, List<String> args) {
    FlagParser parser = new FlagParser(table, args);
    parser.run();
    return new Outcome(
        parser.values.build(table),
        List.copyOf(parser.problems),
        List.copyOf(parser.warningByFlag.values()));
  }

  private void run() {
    while (at < args.size()) {
      String arg = args.get(at++);
      if (arg.equals("--")) {
        args.subList(at, args.size()).forEach(this::takeWord);
        break;
      }
      if (arg.startsWith("--")) {
        takeLong(arg);
      } else if (arg.startsWith("-") && arg.length() > 1) {
        takeShort(arg.substring(1));
      } else {
        takeWord(arg);
      }
    }
    reportWords();
  }

  private void takeWord(String word) {
    if (!word.isEmpty()) {
      if (words.isEmpty()) {
        flagBeforeFirstWord = lastAlone;
      }
      words.add(word);
    }
  }

  private void reportWords() {
    if (words.isEmpty()) {
      return;
    }
    String quoted = words.stream().map(GoText::quote).collect(Collectors.joining(" ", "[", "]"));
    String hint =
        flagBeforeFirstWord
            .map(
                flag ->
                    " (to give --%1$s a value write --%1$s=%2$s)"
                        .formatted(flag.name(), words.get(0)))
            .orElse("");
    problems.add("\"kube-controller-manager\" does not take any arguments, got " + quoted + hint);
  }

  private void takeLong(String arg) {
    lastAlone = Optional.empty();
    int equals = arg.indexOf('=');
    String name = arg.substring(2, equals < 0 ? arg.length() : equals);
    if (name.isEmpty() || name.startsWith("-")) {
      problems.add("bad flag syntax: " + arg);
      return;
    }
    Optional<Flag<?>> flag = table.find(name);
    if (flag.isEmpty()) {
      reportUnknown(name, equals >= 0);
    } else if (equals >= 0) {
      set(flag.get(), arg.substring(equals + 1));
    } else {
      setFromNextWord(flag.get(), arg, "flag needs an argument: " + arg);
    }
  }

  private void reportUnknown(String name, boolean hasValue) {
    String hint = table.nearest(name).map(near -> " (did you mean --" + near + "?)").orElse("");
    problems.add("unknown flag: --" + name + hint);
    if (!hasValue && at < args.size() && !args.get(at).startsWith("-")) {
      at++; // most likely its value: no second complaint
    }
  }

  /** Takes letters as {@code -v2}, {@code -v=2}, {@code -v 2}, or several in one word. */
  private void takeShort(String letters) {
    lastAlone = Optional.empty();
    String rest = letters;
    while (!rest.isEmpty()) {
      int letter = rest.codePointAt(0);
      String after = rest.substring(Character.charCount(letter));
      Optional<Flag<?>> flag = table.findShorthand(Character.toString(letter));
      if (flag.isEmpty()) {
        problems.add("unknown shorthand flag: " + GoText.quoteChar(letter) + " in -" + letters);
        return;
      }
      rest = setShort(flag.get(), after, letters);
    }
  }

  /** Sets one flag of a word of letters and returns what is left of the word. */
  private String setShort(Flag<?> flag, String after, String letters) {
    if (after.length() > 1 && after.startsWith("=")) {
      set(flag, after.substring(1));
    } else if (!flag.type().bare().isEmpty()) {
      set(flag, flag.type().bare());
      return after;
    } else if (!after.isEmpty()) {
      set(flag, after);
    } else {
      setFromNextWord(
          flag, "-" + letters, "flag needs an argument: '" + flag.shorthand() + "' in -" + letters);
    }
    return "";
  }

  private void setFromNextWord(Flag<?> flag, String arg, String problem) {
    if (!flag.type().bare().isEmpty()) {
      set(flag, flag.type().bare());
      lastAlone = Optional.of(flag);
    } else if (at < args.size()) {
      set(flag, args.get(at++));
    } else if (flag.lifecycle().isRead()) {
      problems.add(problem);
    } else {
      set(flag, arg);
    }
  }

  private void set(Flag<?> flag, String text) {
    flag.lifecycle()
        .warning(flag.name(), text)
        .ifPresent(warning -> warningByFlag.put(flag.name(), warning));
    if (!flag.lifecycle().isRead()) {
      values.note(flag);
      return;
    }
    try {
      values.add(flag, text);
    } catch (IllegalArgumentException bad) {
      problems.add(
          "invalid argument %s for %s flag: %s"
              .formatted(GoText.quote(text), GoText.quote(flag.displayName()), bad.getMessage()));
    }
  }
}
