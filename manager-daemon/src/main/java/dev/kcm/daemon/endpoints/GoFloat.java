package dev.kcm.daemon.endpoints;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Go's {@code strconv} writes them in its format {@code g} with the fewest digits, which
 * is how upstream prints samples and bounds.
 *
 * <p><i>Immutable.</i>
 */
final class GoFloat {

  /** Whole numbers from here on are written with an exponent. */
  private static final long EXPONENT_FROM = 1_000_000;

  /** A JVM before 19 may write one digit more than is needed, and only when it writes this many. */
  private static final int LONG_DECIMAL = 16;

  private GoFloat() {}

  static void append(StringBuilder out, double value) {
    if (Double.isNaN(value)) {
      out.append("NaN");
    } else if (Double.isInfinite(value)) {
      out.append(value > 0 ? "+Inf" : "-Inf");
    } else if (value == 0) {
      out.append(Math.copySign(1, value) < 0 ? "-0" : "0");
    } else if (value == Math.rint(value) && Math.abs(value) < EXPONENT_FROM) {
      out.append((long) value);
    } else {
      appendDecimal(out, shortest(value));
    }
  }

  private static void appendDecimal(StringBuilder out, BigDecimal decimal) {
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      out.append(decimal.toPlainString());
      return;
    }
    out.append(decimal.scaleByPowerOfTen(-exponent).toPlainString());
    out.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      out.append('0');
    }
    out.append(magnitude);
  }

  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    while (decimal.precision() >= LONG_DECIMAL) {
      BigDecimal shorter =
          decimal
              .round(new MathContext(decimal.precision() - 1, RoundingMode.HALF_EVEN))
              .stripTrailingZeros();
      if (shorter.doubleValue() != value) {
        break;
      }
      decimal = shorter;
    }
    return decimal;
  }
}
