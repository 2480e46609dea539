package dev.kcm.daemon.flags;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Booleans and numbers read and written as Go's {@code strconv} does, with its error texts.
 *
 * <p><i>Immutable.</i>
 */
final class GoNumber {

  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");
  private static final Pattern INFINITE = Pattern.compile("(?i)([+-]?)inf(inity)?");
  private static final int MOST_DIGITS = 400;

  private GoNumber() {}

  static boolean parseBool(String text) {
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    throw syntax("ParseBool", text);
  }

  /**
   * Reads a signed number; a prefix {@code 0x}, {@code 0o}, {@code 0b} or {@code 0} sets the base.
   */
  static int parseInt32(String text) {
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    BigInteger magnitude = magnitude("ParseInt", unsigned, text);
    BigInteger value = text.startsWith("-") ? magnitude.negate() : magnitude;
    return inRange("ParseInt", value, text);
  }

  /** Reads a number from 0 to 2147483647. */
  static int parseUnsigned31(String text, boolean prefixSetsBase) {
    if (prefixSetsBase) {
      return inRange("ParseUint", magnitude("ParseUint", text, text), text);
    }
    if (!isDigits(text, 10)) {
      throw syntax("ParseUint", text);
    }
    return inRange("ParseUint", bounded("ParseUint", text, 10, text), text);
  }

  private static int inRange(String function, BigInteger value, String text) {
    if (value.bitLength() > 31) {
      throw range(function, text);
    }
    return value.intValue();
  }

  private static BigInteger magnitude(String function, String unsigned, String text) {
    String lower = unsigned.toLowerCase(Locale.ROOT);
    int base = 10;
    int skip = 0;
    if (lower.startsWith("0x") || lower.startsWith("0b") || lower.startsWith("0o")) {
      base = lower.charAt(1) == 'x' ? 16 : lower.charAt(1) == 'b' ? 2 : 8;
      skip = 2;
    } else if (lower.startsWith("0") && lower.length() > 1) {
      base = 8;
      skip = 1;
    }
    String digits = withoutUnderscores(lower.substring(skip), skip > 0);
    if (!isDigits(digits, base)) {
      throw syntax(function, text);
    }
    return bounded(function, digits, base, text);
  }

  /** Underscores may stand between digits and after the base prefix; any other one is an error. */
  private static String withoutUnderscores(String digits, boolean afterPrefix) {
    boolean misplaced =
        digits.contains("__") || digits.endsWith("_") || (digits.startsWith("_") && !afterPrefix);
    return misplaced ? "" : digits.replace("_", "");
  }

  private static boolean isDigits(String digits, int base) {
    return !digits.isEmpty()
        && digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, base) >= 0);
  }

  private static BigInteger bounded(String function, String digits, int base, String text) {
    if (digits.length() > MOST_DIGITS) {
      throw range(function, text);
    }
    return new BigInteger(digits, base);
  }

  static float parseFloat32(String text) {
    double wide = parseDouble(text);
    float value = DECIMAL.matcher(text).matches() ? Float.parseFloat(text) : (float) wide;
    if (Float.isInfinite(value) && !INFINITE.matcher(text).matches()) {
      throw range("ParseFloat", text);
    }
    return value;
  }

  static double parseFloat64(String text) {
    double value = parseDouble(text);
    if (Double.isInfinite(value) && !INFINITE.matcher(text).matches()) {
      throw range("ParseFloat", text);
    }
    return value;
  }

  private static double parseDouble(String text) {
    if (INFINITE.matcher(text).matches()) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (text.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (text.length() > MOST_DIGITS
        || !(DECIMAL.matcher(text).matches() || HEXADECIMAL.matcher(text).matches())) {
      throw syntax("ParseFloat", text);
    }
    return Double.parseDouble(text);
  }

  /** Writes the shortest form; an exponent appears below 1e-4 and from 1e6 on. */
  static String format(double value, String shortest) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal number = new BigDecimal(shortest).stripTrailingZeros();
    int exponent = number.precision() - number.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return number.toPlainString();
    }
    BigDecimal mantissa = number.movePointLeft(exponent);
    return mantissa.stripTrailingZeros().toPlainString()
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static IllegalArgumentException syntax(String function, String text) {
    return failure(function, text, "invalid syntax");
  }

  private static IllegalArgumentException range(String function, String text) {
    return failure(function, text, "value out of range");
  }

  private static IllegalArgumentException failure(String function, String text, String why) {
    return new IllegalArgumentException(
        "strconv." + function + ": parsing " + GoText.quote(text) + ": " + why);
  }
}
