package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.pki.SigningKey;
import dev.kcm.controllers.shared.pki.TestPki;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Accounts and token Secrets for tests. */
final class TokenWorld {

  static final String CERTIFICATES = "certificates";
  static final SigningKey SIGNER = TestPki.signingKey();

  private TokenWorld() {}

  static ServiceAccount account(String name, String... secrets) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .withResourceVersion("3")
        .endMetadata()
        .withSecrets(
            Arrays.stream(secrets)
                .map(secret -> new ObjectReferenceBuilder().withName(secret).build())
                .toList())
        .build();
  }

  /** A token Secret without data, of the account "till". */
  static Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .withResourceVersion("7")
        .addToAnnotations(TokenSecrets.ACCOUNT_NAME, "till")
        .addToAnnotations(TokenSecrets.ACCOUNT_UID, "uid-of-till")
        .endMetadata()
        .withType(TokenSecrets.TYPE)
        .build();
  }

  /** The Secret with data: token, namespace and certificates, except for the fields named. */
  static Secret filled(Secret secret, String... except) {
    Map<String, String> data =
        new HashMap<>(
            Map.of(
                "token", base64("a token"),
                "namespace", base64("shop"),
                "ca.crt", base64(CERTIFICATES)));
    data.keySet().removeAll(Arrays.asList(except));
    return new SecretBuilder(secret).withData(data).build();
  }

  static Secret with(Secret secret, String field, String value) {
    return new SecretBuilder(secret).addToData(field, base64(value)).build();
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Secret secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(field)), StandardCharsets.UTF_8);
  }
}
