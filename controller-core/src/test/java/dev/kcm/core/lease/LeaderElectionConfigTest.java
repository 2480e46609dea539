package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.VirtualEnvironment;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What settings an elector takes. */
final class LeaderElectionConfigTest {

  @Test
  void defaultsAreUpstreams() {
    LeaderElectionConfig config = LeaderElectionConfig.defaults("a");
    assertThat(config.leaseDuration()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.renewDeadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.retryPeriod()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaderElectionConfig.defaults(" ")
                    .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ZERO))
        .withMessageContaining("identity must not be empty");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaderElectionConfig.defaults("a")
                    .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ZERO))
        .withMessage(
            "leader election: retryPeriod must be greater than zero, got PT0S; leaseDuration must"
                + " be greater than renewDeadline, got PT10S and PT10S");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaderElectionConfig.defaults("a")
                    .withTimes(
                        Duration.ofSeconds(15), Duration.ofSeconds(12), Duration.ofSeconds(10)))
        .withMessage(
            "leader election: renewDeadline must be greater than retryPeriod * 1.2, got PT12S and"
                + " PT10S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaderElectionConfig.defaults("a").withStopGrace(Duration.ofSeconds(-1)))
        .withMessageContaining("stopGrace");
  }

  @Test
  @DisplayName("T-74 a lease duration that the wire would cut is refused")
  void fractionsOfSecondsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaderElectionConfig.defaults("a")
                    .withTimes(
                        Duration.ofMillis(1900), Duration.ofSeconds(1), Duration.ofMillis(500)))
        .withMessage("leader election: leaseDuration must be whole seconds, got PT1.9S");
  }

  @Test
  void identitiesCarryTheHostAndAreNew() {
    Random random = new Random(1);
    String identity = LeaderElectionConfig.newIdentity("host-1", random);
    assertThat(identity).matches("host-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(LeaderElectionConfig.newIdentity("host-1", random)).isNotEqualTo(identity);
    assertThat(LeaderElectionConfig.newIdentity("", random)).contains("_").doesNotStartWith("_");
  }

  @Test
  void theLeaseNeedsANamespaceAndAName() {
    VirtualEnvironment world = VirtualEnvironment.seeded(1);
    LeaseLock nameless = KubeLeaseLock.of(new WatchedApi(), world, new ObjectKey("", "lease"));
    Candidate callbacks =
        new Candidate(world, new LeaseServer(world), LeaderElectionConfig.defaults("a"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeaderElector.builder(LeaderElectionConfig.defaults("a"), nameless, callbacks)
                    .build(world))
        .withMessageContaining("needs a namespace and a name");
  }
}
