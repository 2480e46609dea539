package dev.kcm.controllers.shared.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidityTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT5M, PT0S, PT1H, PT1000H, -PT5M, PT55M",
    "PT5M, PT0S, PT1M, PT1000H, -PT5M, -PT4M",
    "PT5M, PT8H, PT1H, PT1000H, -PT5M, PT1H",
    "PT5M, PT8H, PT1M, PT1000H, -PT5M, PT1M",
    "PT5M, PT8H, PT24H, PT1000H, -PT5M, PT23H55M",
    "PT5M, PT8H, PT8H, PT1000H, -PT5M, PT7H55M",
    "PT5M, PT8H, PT48H, PT24H, -PT5M, PT24H",
    "PT0S, PT0S, PT48H, PT24H, PT0S, PT24H",
  })
  @DisplayName("Authority table: backdate, short rule, end of the CA")
  void followsFromTheRule(
      Duration backdate,
      Duration full,
      Duration lifetime,
      Duration authorityLeft,
      Duration begin,
      Duration end)
      throws PkiException {
    Validity validity =
        new Validity.Rule(backdate, full).of(NOW, lifetime, NOW.plus(authorityLeft));
    assertThat(validity).isEqualTo(new Validity(NOW.plus(begin), NOW.plus(end)));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, the signer has expired: NotAfter=2026-01-01T00:00:00Z",
    "PT5M, refusing to sign a certificate that expired in the past: NotAfter=2026-01-01T00:00:00Z",
  })
  @DisplayName("CA.notAfter = now: refused, with and without backdate")
  void anAuthorityThatHasEndedSignsNothing(Duration backdate, String problem) {
    Validity.Rule rule = new Validity.Rule(backdate, Duration.ZERO);
    assertThatThrownBy(() -> rule.of(NOW, Duration.ofHours(1), NOW)).hasMessage(problem);
  }
}
