package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoNumberTest {

  @ParameterizedTest
  @ValueSource(strings = {"1", "t", "T", "true", "TRUE", "True"})
  void readsTrue(String text) {
    assertThat(GoNumber.parseBool(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "f", "F", "false", "FALSE", "False"})
  void readsFalse(String text) {
    assertThat(GoNumber.parseBool(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "tRUE", "on", " true"})
  void refusesOtherBooleans(String text) {
    assertThatThrownBy(() -> GoNumber.parseBool(text))
        .hasMessage("strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-7, -7",
    "+7, 7",
    "0x1F, 31",
    "0b101, 5",
    "0o17, 15",
    "017, 15",
    "0_17, 15",
    "0x_1, 1",
    "2147483647, 2147483647",
    "-2147483648, -2147483648",
  })
  void readsNumbersInAllBases(String text, int expected) {
    assertThat(GoNumber.parseInt32(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid syntax",
    "x, invalid syntax",
    "1.5, invalid syntax",
    "--1, invalid syntax",
    "0x, invalid syntax",
    "08, invalid syntax",
    "1__0, invalid syntax",
    "2147483648, value out of range",
    "-2147483649, value out of range",
    "99999999999999999999, value out of range",
  })
  void refusesOtherNumbers(String text, String why) {
    assertThatThrownBy(() -> GoNumber.parseInt32(text))
        .hasMessage("strconv.ParseInt: parsing \"" + text + "\": " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 20",
    "0.55, 0.55",
    "1e6, 1e+06",
    "123456, 123456",
    "1e-5, 1e-05",
    "-1, -1",
    ".1, 0.1",
    "1234567, 1.234567e+06",
    "inf, +Inf",
    "-Inf, -Inf",
    "NaN, NaN",
    "0x1p4, 16"
  })
  void readsAndPrintsFloats(String text, String printed) {
    assertThat(FlagTypes.FLOAT32.printer().apply(GoNumber.parseFloat32(text))).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid syntax",
    "1f, invalid syntax",
    "1_0, invalid syntax",
    "1e99, value out of range",
  })
  void refusesOtherFloats(String text, String why) {
    assertThatThrownBy(() -> GoNumber.parseFloat32(text))
        .hasMessage("strconv.ParseFloat: parsing \"" + text + "\": " + why);
  }
}
