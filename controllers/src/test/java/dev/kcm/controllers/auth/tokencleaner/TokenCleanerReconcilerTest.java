package dev.kcm.controllers.auth.tokencleaner;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCleanerReconcilerTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();

  @Test
  @DisplayName("No expiration: no call")
  void keepsATokenWithoutExpiration() {
    assertThat(decide(TestToken.of("abc123").build())).doesNothing();
    assertThat(decide(TestToken.of("abc123").data("expiration", "").build())).doesNothing();
  }

  @Test
  @DisplayName("Expired: delete with UID")
  void deletesTheIncarnationThatExpired() {
    Plan plan = decide(TestToken.of("abc123").expiring(NOW.minusSeconds(1)).build());
    assertThat(plan).deletes(1, Secret.class).because("the token has expired");
    assertThat(((Action.Delete<?>) plan.actions().get(0)).uid()).isEqualTo("uid-of-abc123");
  }

  @Test
  void aTokenEndsAtTheVeryMomentItNames() {
    assertThat(decide(TestToken.of("abc123").expiring(NOW).build())).deletes(1, Secret.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tomorrow", "2999-13-01T00:00:00Z", "2999-01-01"})
  void aTimeThatCannotBeReadIsOver(String expiration) {
    assertThat(decide(TestToken.of("abc123").data("expiration", expiration).build()))
        .deletes(1, Secret.class);
  }

  @Test
  void readsTimesOfOtherZones() {
    assertThat(
            decide(TestToken.of("abc123").data("expiration", "2999-01-01T00:00:00+02:00").build()))
        .hasNoActions();
  }

  @Test
  @DisplayName("Not expired: no call; expiring in 2 s: deleted when due through the delayed key")
  void waitsForTheEnd() {
    Secret token = TestToken.of("abc123").expiring(NOW.plusSeconds(2)).build();
    assertThat(decide(token)).hasNoActions().looksAgainAfter(Duration.ofSeconds(2));
    assertThat(
            new TokenCleanerReconciler()
                .decide(new TokenCleanerSnapshot(token), NOW.plusSeconds(2)))
        .deletes(1, Secret.class);
  }

  @Test
  void onlyTokensOfKubeSystemHaveKeys() {
    Secret token = TestToken.of("abc123").build();
    assertThat(TokenCleanerController.keysOf(token))
        .containsExactly(new ObjectKey("kube-system", "bootstrap-token-abc123"));
    assertThat(TokenCleanerController.keysOf(TestToken.of("abc123").type("Opaque").build()))
        .isEmpty();
    token.getMetadata().setNamespace("default");
    assertThat(TokenCleanerController.keysOf(token)).isEmpty();
  }

  private static Plan decide(Secret token) {
    return new TokenCleanerReconciler().decide(new TokenCleanerSnapshot(token), NOW);
  }
}
