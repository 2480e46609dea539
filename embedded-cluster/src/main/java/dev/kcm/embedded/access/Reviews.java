package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Answers the reviews of the group {@code authentication.k8s.io}. Immutable. */
final class Reviews {

  private final Tokens tokens;
  private final Clock clock;

  Reviews(Tokens tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /** The decoded review of a request, as a tree to answer with. */
  static ObjectNode body(ApiRequest request) {
    ObjectNode review =
        request.body() instanceof ObjectNode sent
            ? sent.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    review.remove("status");
    review.withObject("/metadata");
    return review;
  }

  /** TokenReview: whom does that token stand for? */
  ApiAnswer token(ApiRequest request) {
    ObjectNode review = body(request);
    String token = review.path("spec").path("token").asText("");
    if (token.isEmpty()) {
      throw Statuses.badRequest("token is required for TokenReview in authentication");
    }
    List<String> wanted = PolicyRule.texts(review.path("spec").path("audiences"));
    ObjectNode status = review.putObject("status");
    try {
      Authenticated found =
          tokens.check(token, wanted.isEmpty() ? List.of(ServiceAccountTokens.ISSUER) : wanted);
      status.put("authenticated", true);
      status.set("user", json(found.user()));
      found.audiences().forEach(status.withArray("/audiences")::add);
    } catch (TokenException e) {
      status.putObject("user");
      status.put("error", e.reason());
    }
    return ApiAnswer.of(201, review);
  }

  /** SelfSubjectReview: who am I? */
  ApiAnswer self(ApiRequest request) {
    ObjectNode review = body(request);
    review
        .withObject("/metadata")
        .put("creationTimestamp", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    review.putObject("status").set("userInfo", json(request.user()));
    return ApiAnswer.of(201, review);
  }

  private static JsonNode json(UserInfo user) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("username", user.name());
    if (!user.uid().isEmpty()) {
      json.put("uid", user.uid());
    }
    user.groups().forEach(json.withArray("/groups")::add);
    user.extra()
        .forEach(
            (key, values) -> {
              var list = json.withObject("/extra").putArray(key);
              values.forEach(list::add);
            });
    return json;
  }
}
