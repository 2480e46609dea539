package dev.kcm.daemon.flags;

import java.util.List;
import java.util.Locale;

/**
 * The help of a table: one section for each group, wrapped to a width.
 *
 * <p><i>Immutable.</i>
 */
public final class HelpText {

  private static final String INDENT = " ".repeat(16);
  private static final int LEAST_WIDTH = 24;

  private HelpText() {}

  /**
   * Returns the sections of all groups in order.
   *
   * @param columns width of the terminal; 0, or too small a number to be one, means no wrapping
   */
  public static String of(FlagTable table, int columns) {
    StringBuilder out = new StringBuilder();
    for (FlagGroup group : table.groups()) {
      List<Flag<?>> listed =
          group.flags().stream().filter(flag -> flag.lifecycle().isListed()).toList();
      if (!listed.isEmpty()) {
        out.append('\n').append(heading(group.name())).append(" flags:\n\n");
        listed.forEach(flag -> append(out, flag, columns));
      }
    }
    return out.toString();
  }

  private static String heading(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static <T> void append(StringBuilder out, Flag<T> flag, int columns) {
    out.append(flag.shorthand().isEmpty() ? "      " : "  -" + flag.shorthand() + ", ");
    out.append("--").append(flag.name());
    if (!flag.type().word().isEmpty()) {
      out.append(' ').append(flag.type().word());
      if (!flag.type().bare().isEmpty()) {
        out.append("[=").append(flag.type().bare()).append(']');
      }
    }
    out.append('\n');
    int width = columns - INDENT.length();
    for (String line : (flag.help().get() + defaultOf(flag)).split("\n", -1)) {
      wrap(out, line, width < LEAST_WIDTH ? Integer.MAX_VALUE : width);
    }
  }

  private static <T> String defaultOf(Flag<T> flag) {
    FlagType<T> type = flag.type();
    if (flag.defaultValue().equals(type.zero())) {
      return "";
    }
    String printed = type.printer().apply(flag.defaultValue());
    return " (default " + (type.equals(FlagTypes.STRING) ? GoText.quote(printed) : printed) + ")";
  }

  private static void wrap(StringBuilder out, String text, int width) {
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : rest.indexOf(' ', width);
      if (end < 0) {
        break;
      }
      out.append(INDENT).append(rest, 0, end).append('\n');
      rest = rest.substring(end + 1);
    }
    out.append(INDENT).append(rest).append('\n');
  }
}
