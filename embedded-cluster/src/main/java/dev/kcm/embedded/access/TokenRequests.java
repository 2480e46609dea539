package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues service account tokens: the subresource {@code serviceaccounts/token}.
 *
 * <p>Immutable.
 */
final class TokenRequests {

  private static final long DEFAULT_SECONDS = 3600;
  private static final long SHORTEST_SECONDS = 600;
  private static final long LONGEST_SECONDS = 1L << 32;

  /** A pod's token of this life is good for a year, so that old clients have time to learn. */
  private static final long EXTENDED_WHEN = 3607;

  private static final long EXTENDED_SECONDS = 365L * 24 * 3600;

  private final CoreObjects objects;
  private final Jwt jwt;
  private final Clock clock;

  TokenRequests(CoreObjects objects, Jwt jwt, Clock clock) {
    this.objects = objects;
    this.jwt = jwt;
    this.clock = clock;
  }

  ApiAnswer answer(ApiRequest request) {
    JsonNode account =
        objects
            .find("serviceaccounts", request.namespace(), request.name())
            .orElseThrow(() -> Statuses.notFound(objects.kind("serviceaccounts"), request.name()));
    ObjectNode answer = body(request);
    ObjectNode spec = answer.withObject("/spec");
    complete(spec);
    requireValid(spec);
    Bound bound = bound(spec.path("boundObjectRef"), account, request.namespace());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    answer
        .putObject("metadata")
        .put("name", request.name())
        .put("namespace", request.namespace())
        .put("uid", UUID.randomUUID().toString())
        .put("creationTimestamp", now.toString());
    answer
        .putObject("status")
        .put("token", jwt.sign(claims(request.namespace(), account, spec, bound, now)))
        .put(
            "expirationTimestamp",
            now.plusSeconds(spec.path("expirationSeconds").asLong()).toString());
    return ApiAnswer.of(201, answer);
  }

  private static ObjectNode body(ApiRequest request) {
    return request.body() instanceof ObjectNode sent
        ? sent.deepCopy()
        : JsonNodeFactory.instance.objectNode();
  }

  private static void complete(ObjectNode spec) {
    if (spec.path("audiences").isEmpty()) {
      spec.putArray("audiences").add(ServiceAccountTokens.ISSUER);
    }
    if (!spec.has("expirationSeconds")) {
      spec.put("expirationSeconds", DEFAULT_SECONDS);
    }
    if (!spec.has("boundObjectRef")) {
      spec.putNull("boundObjectRef");
    }
  }

  private static void requireValid(ObjectNode spec) {
    long seconds = spec.path("expirationSeconds").asLong();
    if (seconds < SHORTEST_SECONDS) {
      throw invalid(seconds, "may not specify a duration less than 10 minutes");
    }
    if (seconds > LONGEST_SECONDS) {
      throw invalid(seconds, "may not specify a duration larger than 2^32 seconds");
    }
  }

  private static RuntimeException invalid(long seconds, String why) {
    return Statuses.invalidField(
        "authentication.k8s.io",
        "TokenRequest",
        "spec.expirationSeconds",
        JsonNodeFactory.instance.numberNode(seconds),
        why);
  }

  /**
   * What a token lives and dies with besides its account.
   *
   * @param claim name of its claim, empty when there is nothing
   * @param object the object
   * @param node the node of a bound pod, if it has one
   */
  private record Bound(String claim, JsonNode object, Optional<JsonNode> node) {

    static final Bound NOTHING =
        new Bound("", JsonNodeFactory.instance.objectNode(), Optional.empty());
  }

  private Bound bound(JsonNode reference, JsonNode account, String namespace) {
    if (!reference.isObject()) {
      return Bound.NOTHING;
    }
    String kind = reference.path("kind").asText("");
    String version = reference.path("apiVersion").asText("");
    boolean known = version.equals("v1") && List.of("Pod", "Secret", "Node").contains(kind);
    if (!known) {
      throw Statuses.badRequest(
          "cannot bind token to object of type %s, Kind=%s".formatted(version, kind));
    }
    String plural = plural(kind);
    String name = reference.path("name").asText("");
    JsonNode object =
        objects
            .find(plural, kind.equals("Node") ? "" : namespace, name)
            .orElseThrow(() -> Statuses.notFound(objects.kind(plural), name));
    requireSame(kind, name, reference.path("uid").asText(""), object);
    Optional<JsonNode> node =
        kind.equals("Pod") ? nodeOf(object, CoreObjects.name(account)) : Optional.empty();
    return new Bound(kind.toLowerCase(java.util.Locale.ROOT), object, node);
  }

  private static String plural(String kind) {
    return kind.toLowerCase(java.util.Locale.ROOT) + "s";
  }

  private static void requireSame(String kind, String name, String uid, JsonNode object) {
    if (!uid.isEmpty() && !uid.equals(CoreObjects.uid(object))) {
      throw Statuses.conflict(
          "",
          kind,
          name,
          "the UID in the bound object reference ("
              + uid
              + ") does not match the UID in record. The object might have been deleted and then"
              + " recreated");
    }
  }

  private Optional<JsonNode> nodeOf(JsonNode pod, String account) {
    if (!pod.path("spec").path("serviceAccountName").asText("default").equals(account)) {
      throw Statuses.badRequest(
          ("cannot bind token for serviceaccount \"%s\" to pod running with different"
                  + " serviceaccount name.")
              .formatted(account));
    }
    return objects.find("nodes", "", pod.path("spec").path("nodeName").asText(""));
  }

  private static ObjectNode claims(
      String namespace, JsonNode account, ObjectNode spec, Bound bound, Instant now) {
    long seconds = spec.path("expirationSeconds").asLong();
    boolean extended =
        bound.claim().equals("pod")
            && seconds == EXTENDED_WHEN
            && spec.path("audiences").path(0).asText().equals(ServiceAccountTokens.ISSUER);
    ObjectNode claims = JsonNodeFactory.instance.objectNode();
    claims.set("aud", spec.path("audiences").deepCopy());
    claims
        .put("exp", now.getEpochSecond() + (extended ? EXTENDED_SECONDS : seconds))
        .put("iat", now.getEpochSecond())
        .put("iss", ServiceAccountTokens.ISSUER)
        .put("jti", UUID.randomUUID().toString());
    ObjectNode kubernetes = claims.putObject("kubernetes.io").put("namespace", namespace);
    refer(kubernetes, "serviceaccount", account);
    if (!bound.claim().isEmpty()) {
      refer(kubernetes, bound.claim(), bound.object());
    }
    bound.node().ifPresent(node -> refer(kubernetes, "node", node));
    if (extended) {
      kubernetes.put("warnafter", now.getEpochSecond() + seconds);
    }
    return claims
        .put("nbf", now.getEpochSecond())
        .put("sub", ServiceAccountTokens.userName(namespace, CoreObjects.name(account)));
  }

  private static void refer(ObjectNode claims, String name, JsonNode object) {
    claims
        .putObject(name)
        .put("name", CoreObjects.name(object))
        .put("uid", CoreObjects.uid(object));
  }
}
