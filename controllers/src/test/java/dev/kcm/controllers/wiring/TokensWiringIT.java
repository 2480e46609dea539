package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerConfig;
import dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerController;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenController;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.manager.Manager;
import dev.kcm.embedded.access.AccessControl;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Token Secrets from their making to their end, on virtual time. */
class TokensWiringIT {

  private static final String TYPE = "kubernetes.io/service-account-token";

  private final TestCluster cluster = TestCluster.builder().start();
  private final AccessControl access =
      AccessControl.over(
          cluster.server(),
          TestPki.signingKeys(),
          AuthorizationMode.ALWAYS_ALLOW,
          Clock.fixed(cluster.environment().wallClock().now(), ZoneOffset.UTC));

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aSecretForAnAccountGetsATokenThatTheServerTakes() {
    startTokens();
    cluster.create(account());
    cluster.create(secret("token"));
    cluster.eventually(() -> assertThat(data("token", "token")).isNotEmpty());

    assertThat(data("token", "namespace")).isEqualTo("default");
    assertThat(data("token", "ca.crt")).isEqualTo("certificates");
    assertThat(access.authenticate(data("token", "token")).map(UserInfo::name))
        .contains("system:serviceaccount:default:till");
  }

  @Test
  void whatAnAccountHasGoesWithIt() {
    startTokens();
    ServiceAccount account = cluster.create(account());
    cluster.create(secret("token"));
    cluster.eventually(() -> assertThat(data("token", "token")).isNotEmpty());
    cluster.delete(account);
    cluster.eventually(() -> assertThat(cluster.list(Secret.class)).isEmpty());
  }

  @Test
  void aSecretForNobodyGoesAndOneThatComesAtTheSameTimeAsItsAccountStays() {
    cluster.create(secret("early"));
    startTokens();
    cluster.create(account());
    cluster.create(secret("token"));
    cluster.advance(Duration.ofMinutes(1));
    // Whether the early one found its account depends on who was first; no other is touched.
    assertThat(data("token", "token")).isNotEmpty();
  }

  @Test
  void theNameOfASecretThatIsGoneLeavesItsAccount() {
    startTokens();
    cluster.create(account("token", "another"));
    Secret secret = cluster.create(secret("token"));
    cluster.eventually(() -> assertThat(data("token", "token")).isNotEmpty());
    cluster.faults().on(Verb.UPDATE, "serviceaccounts").calls(1, 2).status(409, "Conflict");
    cluster.delete(secret);
    cluster.eventually(
        () ->
            assertThat(cluster.get(ServiceAccount.class, "default", "till").getSecrets())
                .extracting(ObjectReference::getName)
                .containsExactly("another"));
  }

  @Test
  void aSecretThatCannotBeFilledIsGivenUpAfterTenRetries() {
    startTokens();
    cluster.faults().on(Verb.UPDATE, "secrets").everyCall().status(500, "InternalError");
    cluster.create(account());
    cluster.create(secret("token"));
    cluster.advance(Duration.ofHours(1));
    assertThat(cluster.requests().of(Verb.UPDATE, "secrets")).hasSize(11);
  }

  @Test
  void aTokenNobodyUsesIsMarkedAndThenDeleted() {
    Instant start = cluster.environment().wallClock().now();
    cluster.create(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("kube-system")
            .withName("kube-apiserver-legacy-service-account-token-tracking")
            .endMetadata()
            .withData(Map.of("since", LocalDate.ofInstant(start, ZoneOffset.UTC).toString()))
            .build());
    cluster.create(account("token"));
    cluster.create(secret("token"));
    runCleaner();
    assertThat(labels()).isNullOrEmpty();
    // Passes are a day apart; nobody runs in between, so that the days pass quickly.
    cluster.advance(Duration.ofDays(4));
    runCleaner();
    assertThat(labels()).containsKey("kubernetes.io/legacy-token-invalid-since");
    cluster.advance(Duration.ofDays(5));
    runCleaner();
    assertThat(cluster.list(Secret.class)).isEmpty();
  }

  private void runCleaner() {
    Manager manager =
        cluster
            .manager(
                LegacyTokenCleanerController.spec(new LegacyTokenCleanerConfig(Duration.ofDays(3))))
            .create(cluster.environment());
    manager.start();
    cluster.advance(Duration.ofSeconds(5));
    cluster.await(manager.stop(Duration.ofSeconds(1)));
  }

  private Map<String, String> labels() {
    return cluster.get(Secret.class, "default", "token").getMetadata().getLabels();
  }

  private void startTokens() {
    cluster.start(
        ServiceAccountTokenController.spec(
            new ServiceAccountTokenConfig(2, TestPki.signingKey(), "certificates")));
  }

  private String data(String secret, String field) {
    Map<String, String> data = cluster.get(Secret.class, "default", secret).getData();
    String value = data == null ? null : data.get(field);
    return value == null
        ? ""
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private static ServiceAccount account(String... secrets) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("till")
        .endMetadata()
        .withSecrets(
            Arrays.stream(secrets)
                .map(name -> new ObjectReferenceBuilder().withName(name).build())
                .toList())
        .build();
  }

  private static Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToAnnotations("kubernetes.io/service-account.name", "till")
        .endMetadata()
        .withType(TYPE)
        .build();
  }
}
