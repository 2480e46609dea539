package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "+0, PT0S",
    "5s, PT5S",
    "-5s, PT-5S",
    "1h30m, PT1H30M",
    "876000h, PT876000H",
    "1.5h, PT1H30M",
    "300ms, PT0.3S",
    "12h0m0s, PT12H",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "1us, PT0.000001S",
    "1µs, PT0.000001S",
    "1μs, PT0.000001S",
    "1.9ns, PT0.000000001S",
    "3s2m1h, PT1H2M3S",
    "2540400h10m10.000000000s, PT2540400H10M10S",
  })
  void readsWhatGoReads(String text, Duration expected) {
    assertThat(GoDuration.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'time: invalid duration \"\"'",
    "10, 'time: missing unit in duration \"10\"'",
    "1d, 'time: unknown unit \"d\" in duration \"1d\"'",
    "1h2x, 'time: unknown unit \"x\" in duration \"1h2x\"'",
    "s, 'time: invalid duration \"s\"'",
    ".s, 'time: invalid duration \".s\"'",
    "-, 'time: invalid duration \"-\"'",
    "+-1s, 'time: invalid duration \"+-1s\"'",
    "1 s, 'time: unknown unit \" s\" in duration \"1 s\"'",
    "3000000h, 'time: invalid duration \"3000000h\"'",
  })
  void refusesTheRestInGosWords(String text, String message) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.000000001S, 1ns",
    "PT0.0000011S, 1.1µs",
    "PT0.3S, 300ms",
    "PT0.0022S, 2.2ms",
    "PT1S, 1s",
    "PT1.5S, 1.5s",
    "PT1M, 1m0s",
    "PT1H30M, 1h30m0s",
    "PT12H, 12h0m0s",
    "PT8760H, 8760h0m0s",
    "PT-3M-30S, -3m30s",
    "PT100H0.001S, 100h0m0.001s",
  })
  void printsAsGoPrints(Duration duration, String expected) {
    assertThat(GoDuration.format(duration)).isEqualTo(expected);
  }

  @Test
  void readsBackWhatItPrints() {
    for (long seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(64));
      assertThat(GoDuration.parse(GoDuration.format(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
    }
  }
}
