package dev.kcm.controllers.auth.legacytokencleaner;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;

/** Token Secrets as Kubernetes made them before 1.24, for tests. */
final class TestLegacyToken {

  static final Instant NOW = VirtualEnvironment.seeded(0).wallClock().now();
  static final Duration PERIOD = Duration.ofDays(10);

  private TestLegacyToken() {}

  /** A Secret of the account "till", made so many days ago. */
  static Secret token(String name, int daysOld) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .withResourceVersion("7")
        .withCreationTimestamp(NOW.minus(Duration.ofDays(daysOld)).toString())
        .withAnnotations(
            Map.of(TokenSecrets.ACCOUNT_NAME, "till", TokenSecrets.ACCOUNT_UID, "uid-of-till"))
        .endMetadata()
        .withType(TokenSecrets.TYPE)
        .build();
  }

  static Secret labelled(Secret token, String label, String value) {
    return new SecretBuilder(token).editMetadata().addToLabels(label, value).endMetadata().build();
  }

  static String daysAgo(int days) {
    return LocalDate.ofInstant(NOW, ZoneOffset.UTC).minusDays(days).toString();
  }

  static ServiceAccount account(String... secrets) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName("till")
        .withUid("uid-of-till")
        .endMetadata()
        .withSecrets(
            Arrays.stream(secrets)
                .map(name -> new ObjectReferenceBuilder().withName(name).build())
                .toList())
        .build();
  }

  static ConfigMap tracking(Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(LegacyTokenCleanerReconciler.TRACKING.namespace())
        .withName(LegacyTokenCleanerReconciler.TRACKING.name())
        .endMetadata()
        .withData(data)
        .build();
  }
}
