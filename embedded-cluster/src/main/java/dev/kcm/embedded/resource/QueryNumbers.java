package dev.kcm.embedded.resource;

import java.util.Set;

/**
 * Reads numbers and truth values of query parameters; bad ones are refused in the words of the
 * original's parser.
 *
 * <p>Stateless.
 */
final class QueryNumbers {

  private static final Set<String> FALSE = Set.of("", "0", "f", "F", "false", "FALSE", "False");

  private QueryNumbers() {}

  /** A number, 0 when the parameter is absent. */
  static long int64(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[+-]?[0-9]+")) {
      throw Statuses.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Statuses.badRequest("strconv.ParseInt: parsing \"" + text + "\": value out of range");
    }
  }

  /** Everything but the false words is true. */
  static boolean isTrue(String text) {
    return !FALSE.contains(text);
  }
}
