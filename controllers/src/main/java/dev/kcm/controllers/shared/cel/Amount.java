package dev.kcm.controllers.shared.cel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quantity of Kubernetes. Equal quantities are equal however they are written.
 *
 * @param value no trailing zeros
 */
record Amount(BigDecimal value) implements Comparable<Amount> {

  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++))([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]++)?");

  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.ONE.movePointRight(3)),
          Map.entry("M", BigDecimal.ONE.movePointRight(6)),
          Map.entry("G", BigDecimal.ONE.movePointRight(9)),
          Map.entry("T", BigDecimal.ONE.movePointRight(12)),
          Map.entry("P", BigDecimal.ONE.movePointRight(15)),
          Map.entry("E", BigDecimal.ONE.movePointRight(18)),
          Map.entry("Ki", binary(1)),
          Map.entry("Mi", binary(2)),
          Map.entry("Gi", binary(3)),
          Map.entry("Ti", binary(4)),
          Map.entry("Pi", binary(5)),
          Map.entry("Ei", binary(6)));

  /** Powers of ten beyond what any quantity can say; keeps sums of absurd ones small. */
  private static final int HIGHEST_EXPONENT = 60;

  private static final int NANO = 9;
  private static final int LONGEST = 128;

  Amount {
    value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  /** What a text says; empty when it is no quantity. Fractions are rounded up to billionths. */
  static Optional<Amount> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > LONGEST || !form.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(form.group(1));
    String suffix = form.group(2) == null ? "" : form.group(2);
    if (suffix.isEmpty()) {
      return Optional.of(rounded(number));
    }
    BigDecimal factor = FACTORS.get(suffix);
    if (factor != null) {
      return Optional.of(rounded(number.multiply(factor)));
    }
    return exponent(suffix.substring(1)).map(power -> rounded(number.scaleByPowerOfTen(power)));
  }

  /** A whole number. */
  static Amount of(long number) {
    return new Amount(BigDecimal.valueOf(number));
  }

  boolean isInteger() {
    return value.scale() <= 0 && value.toBigInteger().bitLength() < Long.SIZE;
  }

  Amount plus(Amount other) {
    return new Amount(value.add(other.value));
  }

  Amount minus(Amount other) {
    return new Amount(value.subtract(other.value));
  }

  @Override
  public int compareTo(Amount other) {
    return value.compareTo(other.value);
  }

  private static Optional<Integer> exponent(String digits) {
    // At most an int, whatever the number of digits.
    if (digits.length() > NANO) {
      return Optional.empty();
    }
    int power = Integer.parseInt(digits);
    return Math.abs(power) > HIGHEST_EXPONENT ? Optional.empty() : Optional.of(power);
  }

  private static Amount rounded(BigDecimal exact) {
    return new Amount(exact.scale() > NANO ? exact.setScale(NANO, RoundingMode.UP) : exact);
  }

  private static BigDecimal binary(int power) {
    return BigDecimal.valueOf(1L << (10 * power));
  }
}
