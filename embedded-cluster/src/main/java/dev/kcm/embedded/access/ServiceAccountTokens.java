package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.UserInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the tokens of service accounts that {@link TokenRequests} issued: they hold until they
 * expire, for their audiences, and while the account and what they are bound to exist.
 *
 * <p>Immutable.
 */
final class ServiceAccountTokens {

  /** Issuer of the tokens, and the audience that stands for this server. */
  static final String ISSUER = "https://kubernetes.default.svc";

  private static final String USER_PREFIX = "system:serviceaccount:";
  private static final String EXTRA = "authentication.kubernetes.io/";
  private static final String INVALIDATED = "service account token has been invalidated";

  private final CoreObjects objects;
  private final Clock clock;

  ServiceAccountTokens(CoreObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  static String userName(String namespace, String account) {
    return USER_PREFIX + namespace + ":" + account;
  }

  /** The groups of all accounts of a namespace. */
  static List<String> groups(String namespace) {
    return List.of(
        "system:serviceaccounts", "system:serviceaccounts:" + namespace, UserInfo.AUTHENTICATED);
  }

  /**
   * Whom the token stands for.
   *
   * @param claims claims of a token with a good signature
   * @param audiences audiences that the caller accepts
   */
  Authenticated check(JsonNode claims, List<String> audiences) throws TokenException {
    requireTime(claims);
    List<String> own =
        claims.path("aud").isArray()
            ? PolicyRule.texts(claims.path("aud"))
            : List.of(claims.path("aud").asText());
    List<String> common = audiences.stream().filter(own::contains).toList();
    if (common.isEmpty()) {
      throw new TokenException(
          "token audiences %s is invalid for the target audiences %s"
              .formatted(quoted(own), quoted(audiences)));
    }
    JsonNode kubernetes = claims.path("kubernetes.io");
    String namespace = kubernetes.path("namespace").asText();
    require("serviceaccounts", namespace, kubernetes.path("serviceaccount"));
    requireBound(kubernetes, "pods", namespace, "pod");
    requireBound(kubernetes, "secrets", namespace, "secret");
    if (!kubernetes.has("pod")) {
      requireBound(kubernetes, "nodes", "", "node");
    }
    JsonNode account = kubernetes.path("serviceaccount");
    return new Authenticated(
        new UserInfo(
            userName(namespace, account.path("name").asText()),
            account.path("uid").asText(),
            groups(namespace),
            extra(claims, kubernetes)),
        common);
  }

  private void requireTime(JsonNode claims) throws TokenException {
    long now = clock.instant().getEpochSecond();
    if (now >= claims.path("exp").asLong()) {
      throw new TokenException("service account token has expired");
    }
    if (now < claims.path("nbf").asLong()) {
      throw new TokenException("service account token is not valid yet");
    }
  }

  private void requireBound(JsonNode kubernetes, String plural, String namespace, String claim)
      throws TokenException {
    if (kubernetes.has(claim)) {
      require(plural, namespace, kubernetes.path(claim));
    }
  }

  private void require(String plural, String namespace, JsonNode reference) throws TokenException {
    Optional<JsonNode> object =
        objects.find(
            plural, namespace, reference.path("name").asText(), reference.path("uid").asText());
    if (object.isEmpty() || isLongDeleted(object.get())) {
      throw new TokenException(INVALIDATED);
    }
  }

  /** The original gives objects under deletion another minute. */
  private boolean isLongDeleted(JsonNode object) {
    JsonNode deleted = object.path("metadata").path("deletionTimestamp");
    return deleted.isTextual()
        && Instant.parse(deleted.asText()).plusSeconds(60).isBefore(clock.instant());
  }

  private static Map<String, List<String>> extra(JsonNode claims, JsonNode kubernetes) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.path("jti").asText()));
    for (String object : List.of("pod", "node")) {
      if (kubernetes.has(object)) {
        JsonNode reference = kubernetes.path(object);
        extra.put(EXTRA + object + "-name", List.of(reference.path("name").asText()));
        extra.put(EXTRA + object + "-uid", List.of(reference.path("uid").asText()));
      }
    }
    return extra;
  }

  private static String quoted(List<String> texts) {
    return "[" + String.join(" ", texts.stream().map(text -> '"' + text + '"').toList()) + "]";
  }
}
