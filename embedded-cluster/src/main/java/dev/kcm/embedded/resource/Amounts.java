package dev.kcm.embedded.resource;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * Adds up quantities and writes them in their shortest exact form.
 *
 * <p>Stateless.
 */
final class Amounts {

  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL = List.of("", "k", "M", "G", "T", "P", "E");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  private Amounts() {}

  /** The number that a quantity stands for; 0 for an empty text. */
  static BigDecimal parse(String quantity) {
    return quantity.isEmpty() ? BigDecimal.ZERO : Quantity.getAmountInBytes(new Quantity(quantity));
  }

  /**
   * The sum as a quantity.
   *
   * @param form a quantity whose suffix tells whether to count in powers of 1024
   */
  static String format(BigDecimal amount, String form) {
    return form.endsWith("i") ? scaled(amount, KIBI, BINARY) : decimal(amount);
  }

  private static String decimal(BigDecimal amount) {
    BigDecimal milli = amount.movePointRight(3);
    return isWhole(amount)
        ? scaled(amount, THOUSAND, DECIMAL)
        : milli.setScale(0, RoundingMode.UP).toPlainString() + "m";
  }

  /** With the highest suffix that leaves a whole number. */
  private static String scaled(BigDecimal amount, BigDecimal base, List<String> suffixes) {
    BigDecimal rest = amount.setScale(0, RoundingMode.UP);
    int power = 0;
    while (rest.signum() != 0
        && power < suffixes.size() - 1
        && rest.remainder(base).signum() == 0) {
      rest = rest.divide(base);
      power++;
    }
    return rest.toPlainString() + suffixes.get(power);
  }

  private static boolean isWhole(BigDecimal amount) {
    return amount.stripTrailingZeros().scale() <= 0;
  }
}
