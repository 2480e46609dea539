package dev.kcm.daemon.flags;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations written as in Go: {@code 1h30m}, {@code 300ms}, {@code 876000h}; there is no day.
 *
 * <p><i>Immutable.</i>
 */
public final class GoDuration {

  private static final Map<String, Long> NANOS_BY_UNIT =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private static final Pattern PART = Pattern.compile("([0-9]*)(\\.[0-9]*)?([^0-9.]*)");
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private GoDuration() {}

  /**
   * Reads a duration of at most about 292 years.
   *
   * @throws IllegalArgumentException with Go's error text if {@code text} is not a duration
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String unsigned = negative || text.startsWith("+") ? text.substring(1) : text;
    if (unsigned.equals("0")) {
      return Duration.ZERO;
    }
    BigInteger nanos = sumOfParts(unsigned, text);
    if (nanos.compareTo(LARGEST) > 0) {
      throw invalid(text);
    }
    return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
  }

  private static BigInteger sumOfParts(String unsigned, String text) {
    if (unsigned.isEmpty()) {
      throw invalid(text);
    }
    BigInteger sum = BigInteger.ZERO;
    Matcher part = PART.matcher(unsigned);
    for (int at = 0; at < unsigned.length(); at = part.end()) {
      part.region(at, unsigned.length());
      if (!part.lookingAt() || !startsWithNumber(part)) {
        throw invalid(text);
      }
      sum = sum.add(nanosOf(part, text));
    }
    return sum;
  }

  private static boolean startsWithNumber(Matcher part) {
    String fraction = part.group(2);
    return !part.group(1).isEmpty() || (fraction != null && fraction.length() > 1);
  }

  private static BigInteger nanosOf(Matcher part, String text) {
    String unit = part.group(3);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
    }
    Long nanosPerUnit = NANOS_BY_UNIT.get(unit);
    if (nanosPerUnit == null) {
      throw new IllegalArgumentException(
          "time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
    }
    String fraction = part.group(2) == null ? "" : part.group(2);
    return new BigDecimal(
            "0" + part.group(1) + fraction + "0".repeat(fraction.length() == 1 ? 1 : 0))
        .multiply(BigDecimal.valueOf(nanosPerUnit))
        .setScale(0, RoundingMode.DOWN)
        .toBigInteger();
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
  }

  /** Writes a duration the way Go prints one: {@code 12h0m0s}, {@code 1.5s}, {@code 0s}. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    String sign = duration.isNegative() ? "-" : "";
    BigDecimal nanos =
        BigDecimal.valueOf(duration.getSeconds())
            .movePointRight(9)
            .add(BigDecimal.valueOf(duration.getNano()))
            .abs();
    return sign + (nanos.precision() <= 9 ? belowSecond(nanos) : clock(nanos.movePointLeft(9)));
  }

  private static String belowSecond(BigDecimal nanos) {
    int digits = nanos.precision();
    if (digits <= 3) {
      return plain(nanos) + "ns";
    }
    return digits <= 6
        ? plain(nanos.movePointLeft(3)) + "\u00b5s"
        : plain(nanos.movePointLeft(6)) + "ms";
  }

  private static String clock(BigDecimal seconds) {
    BigDecimal[] minutes = seconds.divideAndRemainder(BigDecimal.valueOf(60));
    String rest = plain(minutes[1]) + "s";
    if (minutes[0].signum() == 0) {
      return rest;
    }
    BigDecimal[] hours = minutes[0].divideAndRemainder(BigDecimal.valueOf(60));
    String withMinutes = plain(hours[1]) + "m" + rest;
    return hours[0].signum() == 0 ? withMinutes : plain(hours[0]) + "h" + withMinutes;
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
