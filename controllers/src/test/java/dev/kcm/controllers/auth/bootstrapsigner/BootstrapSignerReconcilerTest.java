package dev.kcm.controllers.auth.bootstrapsigner;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapSignerReconcilerTest {

  private static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  private static final String SIGNATURE =
      "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiYzEyMyJ9..QSxpUG7Q542CirTI2ECPSZjvBOJURUW5a7XqFpNI958";

  @Test
  @DisplayName("Vector: id abc123, secret tokenSecret, content payload")
  void signsLikeUpstream() {
    assertThat(SigningToken.of(TestToken.of("abc123").build(), NOW))
        .hasValueSatisfying(t -> assertThat(t.signature("payload")).isEqualTo(SIGNATURE));
  }

  @Test
  @DisplayName("Simple sign: 1 update with the expected value")
  void addsAMissingSignature() {
    assertThat(written(map(Map.of("kubeconfig", "payload", "other", "x")), TestToken.of("abc123")))
        .isEqualTo(
            Map.of("kubeconfig", "payload", "other", "x", "jws-kubeconfig-abc123", SIGNATURE));
  }

  @Test
  @DisplayName("Already right: no call")
  void leavesARightSignatureAlone() {
    ConfigMap signed = map(Map.of("kubeconfig", "payload", "jws-kubeconfig-abc123", SIGNATURE));
    assertThat(decide(signed, TestToken.of("abc123").build())).doesNothing();
  }

  @Test
  @DisplayName("Wrong value: update")
  void replacesAWrongSignature() {
    ConfigMap wrong = map(Map.of("kubeconfig", "payload", "jws-kubeconfig-abc123", "forged"));
    assertThat(written(wrong, TestToken.of("abc123")))
        .containsEntry("jws-kubeconfig-abc123", SIGNATURE);
  }

  @Test
  @DisplayName("Stale signature without token: removed by update")
  void removesASignatureWhoseTokenIsGone() {
    ConfigMap stale = map(Map.of("kubeconfig", "payload", "jws-kubeconfig-abc123", SIGNATURE));
    Plan plan = decide(stale);
    assertThat(((ConfigMap) ((Action.Update<?>) plan.actions().get(0)).object()).getData())
        .isEqualTo(Map.of("kubeconfig", "payload"));
  }

  @Test
  void doesNothingWithoutKubeconfig() {
    assertThat(decide(map(Map.of("jws-kubeconfig-abc123", "x")), TestToken.of("abc123").build()))
        .doesNothing();
    assertThat(decide(map(null), TestToken.of("abc123").build())).doesNothing();
  }

  @Test
  @DisplayName("No ConfigMap: no call")
  void withoutAConfigMapThereIsNothingToSign() {
    ModelCluster cluster =
        ModelCluster.of(VirtualEnvironment.seeded(1), List.of(TestToken.of("abc123").build()));
    ModelCaches caches = ModelCaches.of(cluster, 1);
    ModelLoop<BootstrapSignerSnapshot> loop = new BootstrapSignerLawsTest().wire(caches);
    caches.catchUp();
    assertThat(loop.run(new ObjectKey("kube-public", "cluster-info"))).doesNothing();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of("wrong prefix", TestToken.of("abc123").named("token-abc123")),
        Arguments.of("wrong id in name", TestToken.of("abc123").named("bootstrap-token-ABC123")),
        Arguments.of("no id", TestToken.of("abc123").without("token-id")),
        Arguments.of("id mismatch", TestToken.of("abc123").data("token-id", "abc124")),
        Arguments.of("no secret", TestToken.of("abc123").without("token-secret")),
        Arguments.of("empty secret", TestToken.of("abc123").data("token-secret", "")),
        Arguments.of("expired", TestToken.of("abc123").expiring(NOW)),
        Arguments.of("unreadable end", TestToken.of("abc123").data("expiration", "soon")),
        Arguments.of("no usage", TestToken.of("abc123").without("usage-bootstrap-signing")),
        Arguments.of(
            "usage not exactly true",
            TestToken.of("abc123").data("usage-bootstrap-signing", "True")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void tokensThatAreNotValidSignNothing(String what, TestToken token) {
    assertThat(decide(map(Map.of("kubeconfig", "payload")), token.build())).as(what).doesNothing();
  }

  @Test
  void aSecretOfAnotherTypeIsNoToken() {
    assertThat(BootstrapSignerController.keysOf(TestToken.of("abc123").type("Opaque").build()))
        .isEmpty();
    assertThat(BootstrapSignerController.keysOf(TestToken.of("abc123").build())).hasSize(1);
  }

  @Test
  void otherConfigMapsLeadToNoKey() {
    assertThat(BootstrapSignerController.keysOf(map(Map.of()))).hasSize(1);
    ConfigMap other = map(Map.of());
    other.getMetadata().setName("kube-root-ca.crt");
    assertThat(BootstrapSignerController.keysOf(other)).isEmpty();
  }

  @Test
  void looksAgainWhenTheNextTokenExpires() {
    Plan plan =
        decide(
            map(Map.of("kubeconfig", "payload")),
            TestToken.of("abc123").expiring(NOW.plusSeconds(9)).build(),
            TestToken.of("abc124").expiring(NOW.plusSeconds(5)).build());
    assertThat(plan).looksAgainAfter(Duration.ofSeconds(5));
  }

  private static Map<String, String> written(ConfigMap map, TestToken token) {
    Plan plan = decide(map, token.build());
    assertThat(plan.actions()).hasSize(1);
    return ((ConfigMap) ((Action.Update<?>) plan.actions().get(0)).object()).getData();
  }

  private static Plan decide(ConfigMap map, Secret... tokens) {
    return new BootstrapSignerReconciler()
        .decide(new BootstrapSignerSnapshot(map, List.of(tokens)), NOW);
  }

  private static ConfigMap map(Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("kube-public")
        .withName("cluster-info")
        .withUid("uid-of-cluster-info")
        .endMetadata()
        .withData(data)
        .build();
  }
}
