package dev.kcm.daemon.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoFloatTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1, -1",
    "10, 10",
    "4.75, 4.75",
    "0.1, 0.1",
    "0.001, 0.001",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "0.00000001, 1e-08",
    "9.999999999999999e-6, 9.999999999999999e-06",
    "0.0005224940000000002, 0.0005224940000000002",
    "999999, 999999",
    "-999999, -999999",
    "999999.5, 999999.5",
    "1000000, 1e+06",
    "1048576, 1.048576e+06",
    "146976768, 1.46976768e+08",
    "1763733259.25, 1.76373325925e+09",
    "9223372036854775807, 9.223372036854776e+18",
    "2e-3, 0.002",
    "2e23, 2e+23",
    "2.0e-323, 2e-323",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf",
  })
  void writesNumbersAsGoDoes(double value, String text) {
    assertThat(written(value)).isEqualTo(text);
  }

  @Test
  void readsBackAsTheSameNumber() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(written(value)))
            .as("seed %d, try %d", seed, i)
            .isEqualTo(value);
      }
    }
  }

  private static String written(double value) {
    StringBuilder out = new StringBuilder();
    GoFloat.append(out, value);
    return out.toString();
  }
}
