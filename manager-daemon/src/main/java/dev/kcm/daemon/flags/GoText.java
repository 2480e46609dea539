package dev.kcm.daemon.flags;

/**
 * Text quoted as Go's {@code strconv.Quote} writes it.
 *
 * <p><i>Immutable.</i>
 */
public final class GoText {

  private GoText() {}

  /** Returns {@code text} in double quotes, with control and unprintable characters escaped. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> appendEscaped(out, c, '"'));
    return out.append('"').toString();
  }

  /** Returns one character in single quotes, escaped like {@link #quote}. */
  static String quoteChar(int codePoint) {
    StringBuilder out = new StringBuilder(4).append('\'');
    appendEscaped(out, codePoint, '\'');
    return out.append('\'').toString();
  }

  private static void appendEscaped(StringBuilder out, int c, char quoteMark) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0x0b -> out.append("\\v");
      default -> appendOther(out, c, quoteMark);
    }
  }

  private static void appendOther(StringBuilder out, int c, char quoteMark) {
    if (c == quoteMark) {
      out.append('\\').append(quoteMark);
    } else if (isPrintable(c)) {
      out.appendCodePoint(c);
    } else if (c < 0x80) {
      out.append(String.format("\\x%02x", c));
    } else {
      out.append(String.format(c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
