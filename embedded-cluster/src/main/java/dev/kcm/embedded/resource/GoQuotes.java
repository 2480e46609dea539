package dev.kcm.embedded.resource;

/** Quotes text the way the API's messages do. */
final class GoQuotes {

  private GoQuotes() {}

  /** The text in double quotes, quotes and backslashes escaped, control characters as escapes. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> appendPlain(out, c);
      }
    }
    return out.append('"').toString();
  }

  private static void appendPlain(StringBuilder out, char c) {
    if (c < ' ' || c == 0x7f) {
      out.append(String.format("\\x%02x", (int) c));
    } else {
      out.append(c);
    }
  }
}
