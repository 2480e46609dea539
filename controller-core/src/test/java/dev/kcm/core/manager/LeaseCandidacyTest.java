package dev.kcm.core.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kcm.core.lease.CoordinatedApi;
import dev.kcm.core.time.VirtualEnvironment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Candidacy by one call. */
class LeaseCandidacyTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final CoordinatedApi api = new CoordinatedApi(null);

  @Test
  void oneCallMakesACandidacyWithDefaults() {
    List<String> told = new ArrayList<>();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    LeaseCandidacy candidacy =
        LeaseCandidacy.on(api, "apps", "my-operator")
            .meters(meters)
            .events((lease, message) -> told.add(message.replaceAll("^\\S+", "somebody")))
            .create(environment);
    assertThat(candidacy.closedBecause()).contains("this process does not lead");
    assertThat(candidacy.term()).isEmpty();
    candidacy.campaign(() -> told.add("started"), () -> told.add("lost"));
    environment.advance(Duration.ofSeconds(1));
    assertThat(candidacy.closedBecause()).isEmpty();
    assertThat(Objects.requireNonNull(api.lease()).getMetadata().getNamespace()).isEqualTo("apps");
    assertThat(api.lease().getSpec().getLeaseDurationSeconds()).isEqualTo(15);
    assertThat(candidacy.term()).hasValue(api.lease().getMetadata().getUid() + "/0/1");
    assertThat(
            meters.get("leader_election_master_status").tag("name", "my-operator").gauge().value())
        .isEqualTo(1);

    var released = candidacy.release().toCompletableFuture();
    environment.advance(Duration.ofSeconds(1));
    assertThat(released).isCompleted();
    assertThat(api.lease().getSpec().getHolderIdentity()).isEmpty();
    assertThat(told)
        .containsExactlyInAnyOrder("started", "somebody became leader", "somebody stopped leading");
  }

  @Test
  void settingsAreChangedOneAfterTheOther() {
    LeaseCandidacy candidacy =
        LeaseCandidacy.on(api, "apps", "my-operator")
            .settings(config -> config.withIdentity("me"))
            .settings(
                config ->
                    config.withTimes(
                        Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(4)))
            .create(environment);
    candidacy.campaign(() -> {}, () -> {});
    environment.advance(Duration.ofSeconds(1));
    assertThat(Objects.requireNonNull(api.lease()).getSpec().getHolderIdentity()).isEqualTo("me");
    assertThat(api.lease().getSpec().getLeaseDurationSeconds()).isEqualTo(30);
  }

  @Test
  void refusesALeaseWithoutANamespace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeaseCandidacy.on(api, "", "my-operator").create(environment))
        .withMessage(
            "leader election: the lease needs a namespace and a name, got \"\" and"
                + " \"my-operator\"");
  }
}
