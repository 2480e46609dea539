package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "127.0.0.1, 127.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "fd00::10:2, fd00:0:0:0:0:0:10:2",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1::, 1:0:0:0:0:0:0:0",
    "::ffff:10.0.0.1, 10.0.0.1",
    "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
  })
  void readsLiterals(String text, String expected) {
    assertThat(IpLiteral.parse(text).map(InetAddress::getHostAddress)).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "256.1.1.1",
        "1.2.3.-4",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "fe80::1%eth0",
        "1.2.3.4::",
        "1:2:3:4:5:6:7::8"
      })
  void refusesTheRest(String text) {
    assertThat(IpLiteral.parse(text)).isEmpty();
  }
}
