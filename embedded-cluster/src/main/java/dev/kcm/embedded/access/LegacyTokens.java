package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Checks tokens that the controller manager wrote into secrets: they hold without end, while secret
 * and account exist. Each use is noted in a label of the secret, once a day.
 *
 * <p>Immutable.
 */
final class LegacyTokens {

  /** Issuer of the tokens. */
  static final String ISSUER = "kubernetes/serviceaccount";

  private static final String CLAIM = "kubernetes.io/serviceaccount/";
  private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
  private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

  private final ApiServer server;
  private final CoreObjects objects;
  private final Clock clock;

  LegacyTokens(ApiServer server, CoreObjects objects, Clock clock) {
    this.server = server;
    this.objects = objects;
    this.clock = clock;
  }

  /** Whom a token with a good signature stands for. */
  Authenticated check(String token, JsonNode claims, List<String> audiences) throws TokenException {
    String namespace = claim(claims, "namespace");
    String account = claim(claims, "service-account.name");
    String uid = claim(claims, "service-account.uid");
    if (!claims.path("sub").asText().equals(ServiceAccountTokens.userName(namespace, account))) {
      throw new TokenException("sub claim and service account do not match");
    }
    requireSecret(token, namespace, claim(claims, "secret.name"));
    if (objects.find("serviceaccounts", namespace, account, uid).isEmpty()) {
      throw new TokenException(
          "serviceaccounts \"" + account + "\" not found, or its UID is not " + uid);
    }
    return new Authenticated(
        new UserInfo(
            ServiceAccountTokens.userName(namespace, account),
            uid,
            ServiceAccountTokens.groups(namespace),
            Map.of()),
        audiences);
  }

  private static String claim(JsonNode claims, String name) throws TokenException {
    String value = claims.path(CLAIM + name).asText("");
    if (value.isEmpty()) {
      throw new TokenException("claim " + CLAIM + name + " is missing");
    }
    return value;
  }

  private void requireSecret(String token, String namespace, String name) throws TokenException {
    JsonNode secret =
        objects
            .find("secrets", namespace, name)
            .orElseThrow(() -> new TokenException("Token has been invalidated"));
    String stored = secret.path("data").path("token").asText("");
    String own = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
    if (!stored.equals(own) || secret.path("metadata").hasNonNull("deletionTimestamp")) {
      throw new TokenException("Token has been invalidated");
    }
    JsonNode labels = secret.path("metadata").path("labels");
    if (labels.has(INVALID_SINCE)) {
      throw new TokenException(
          ("the token in secret %s/%s for service account has been marked invalid. Use tokens from"
                  + " the TokenRequest API or manually created secret-based tokens, or remove the"
                  + " '%s' label from the secret to temporarily allow use of this token")
              .formatted(namespace, name, INVALID_SINCE));
    }
    String today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    if (!labels.path(LAST_USED).asText("").equals(today)) {
      noteUse(namespace, name, today);
    }
  }

  /** A note that cannot be made does not make the token worse. */
  private void noteUse(String namespace, String name, String today) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.withObject("/metadata").putObject("labels").put(LAST_USED, today);
    try {
      server.handle(
          new ApiRequest(
              UserInfo.LOOPBACK,
              Verb.PATCH,
              "",
              "v1",
              "secrets",
              namespace,
              name,
              "",
              Map.of(),
              patch,
              "application/merge-patch+json"));
    } catch (StatusException deletedMeanwhile) {
      return;
    }
  }
}
