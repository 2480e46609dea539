package dev.kcm.controllers.shared.bootstraptokens;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** Bootstrap token Secrets for tests. */
public final class TestToken {

  private SecretBuilder builder;

  private TestToken(SecretBuilder builder) {
    this.builder = builder;
  }

  /** A token that signs, and never expires. */
  public static TestToken of(String id) {
    return new TestToken(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("kube-system")
                .withName("bootstrap-token-" + id)
                .withUid("uid-of-" + id)
                .endMetadata()
                .withType("bootstrap.kubernetes.io/token"))
        .data("token-id", id)
        .data("token-secret", "tokenSecret")
        .data("usage-bootstrap-signing", "true");
  }

  public TestToken data(String key, String value) {
    String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    builder = builder.addToData(key, encoded);
    return this;
  }

  public TestToken without(String key) {
    builder = builder.removeFromData(key);
    return this;
  }

  public TestToken expiring(Instant end) {
    return data("expiration", end.toString());
  }

  public TestToken named(String name) {
    builder = builder.editMetadata().withName(name).endMetadata();
    return this;
  }

  public TestToken type(String type) {
    builder = builder.withType(type);
    return this;
  }

  public Secret build() {
    return builder.build();
  }
}
