package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HumanDurationTest {

  @ParameterizedTest(name = "{0} s is {1}")
  @CsvSource({
    "-2,<invalid>",
    "-1,0s",
    "0,0s",
    "119,119s",
    "120,2m",
    "121,2m1s",
    "599,9m59s",
    "600,10m",
    "10799,179m",
    "10800,3h",
    "10860,3h1m",
    "28799,7h59m",
    "28800,8h",
    "172799,47h",
    "172800,2d",
    "176400,2d1h",
    "691199,7d23h",
    "691200,8d",
    "63071999,729d",
    "63072000,2y",
    "63158400,2y1d",
    "252287999,7y364d",
    "252288000,8y"
  })
  void writesTheMostTellingUnits(long seconds, String text) {
    assertThat(HumanDuration.of(seconds)).isEqualTo(text);
  }
}
