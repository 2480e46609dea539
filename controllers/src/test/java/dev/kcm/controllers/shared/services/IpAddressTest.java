package dev.kcm.controllers.shared.services;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, false",
    "010.000.000.001, 10.0.0.1, false",
    "::, ::, true",
    "::1, ::1, true",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1, true",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, true",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1, true",
    "2001:db8::, 2001:db8::, true",
    "fe80:0:0:1:2:0:0:3, fe80::1:2:0:0:3, true",
    "::ffff:10.0.0.1, 10.0.0.1, false",
  })
  void readsAndPrintsCanonically(String text, String canonical, boolean v6) {
    assertThat(IpAddress.parse(text)).contains(new IpAddress(canonical, v6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0", "10.0.0.256", "localhost", "1::2::3", ":", "12345::", "a"})
  void knowsWhatIsNoAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }
}
