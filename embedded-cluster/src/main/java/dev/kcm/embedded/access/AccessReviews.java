package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers the reviews of the group {@code authorization.k8s.io}. Immutable. */
final class AccessReviews {

  private static final String GROUP = "authorization.k8s.io";

  private final Authorizer authorizer;
  private final RbacAuthorizer rbac;

  AccessReviews(Authorizer authorizer, RbacAuthorizer rbac) {
    this.authorizer = authorizer;
    this.rbac = rbac;
  }

  /** SubjectAccessReview: may that user? */
  ApiAnswer subject(ApiRequest request) {
    ObjectNode review = Reviews.body(request);
    JsonNode spec = review.path("spec");
    requireAttributes("SubjectAccessReview", spec);
    requireUser("SubjectAccessReview", spec);
    return decided(review, user(spec), spec);
  }

  /** LocalSubjectAccessReview: may that user, in this namespace? */
  ApiAnswer local(ApiRequest request) {
    ObjectNode review = Reviews.body(request);
    JsonNode spec = review.path("spec");
    requireAttributes("LocalSubjectAccessReview", spec);
    requireUser("LocalSubjectAccessReview", spec);
    JsonNode namespace = spec.path("resourceAttributes").path("namespace");
    if (spec.has("nonResourceAttributes")) {
      throw Statuses.invalidField(
          GROUP,
          "LocalSubjectAccessReview",
          "spec.nonResourceAttributes",
          spec.path("nonResourceAttributes"),
          "disallowed on this kind of request");
    }
    if (!namespace.asText("").equals(request.namespace())) {
      throw Statuses.invalidField(
          GROUP,
          "LocalSubjectAccessReview",
          "spec.resourceAttributes.namespace",
          TextNode.valueOf(namespace.asText("")),
          "must match metadata.namespace");
    }
    review.withObject("/metadata").put("namespace", request.namespace());
    return decided(review, user(spec), spec);
  }

  /** SelfSubjectAccessReview: may I? */
  ApiAnswer self(ApiRequest request) {
    ObjectNode review = Reviews.body(request);
    JsonNode spec = review.path("spec");
    requireAttributes("SelfSubjectAccessReview", spec);
    return decided(review, request.user(), spec);
  }

  /** SelfSubjectRulesReview: what may I, in that namespace? */
  ApiAnswer selfRules(ApiRequest request) {
    ObjectNode review = Reviews.body(request);
    String namespace = review.path("spec").path("namespace").asText("");
    if (namespace.isEmpty()) {
      throw Statuses.badRequest("no namespace on request");
    }
    ObjectNode status = review.putObject("status");
    var resourceRules = status.putArray("resourceRules");
    var nonResourceRules = status.putArray("nonResourceRules");
    for (PolicyRule rule : rbac.rules(request.user(), namespace)) {
      if (!rule.resources().isEmpty()) {
        ObjectNode shown = resourceRules.addObject();
        put(shown, "verbs", rule.verbs());
        put(shown, "apiGroups", rule.apiGroups());
        put(shown, "resources", rule.resources());
        put(shown, "resourceNames", rule.resourceNames());
      }
      if (!rule.nonResourceUrls().isEmpty()) {
        ObjectNode shown = nonResourceRules.addObject();
        put(shown, "verbs", rule.verbs());
        put(shown, "nonResourceURLs", rule.nonResourceUrls());
      }
    }
    status.put("incomplete", false);
    return ApiAnswer.of(201, review);
  }

  private static void put(ObjectNode rule, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      texts.forEach(rule.withArray("/" + field)::add);
    }
  }

  private ApiAnswer decided(ObjectNode review, UserInfo user, JsonNode spec) {
    Authorizer.Decision decision = authorizer.authorize(user, attributes(spec));
    ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
    if (!decision.reason().isEmpty()) {
      status.put("reason", decision.reason());
    }
    return ApiAnswer.of(201, review);
  }

  private static Attributes attributes(JsonNode spec) {
    JsonNode resource = spec.path("resourceAttributes");
    if (!resource.isObject()) {
      JsonNode path = spec.path("nonResourceAttributes");
      return Attributes.ofPath(path.path("verb").asText(""), path.path("path").asText(""));
    }
    return new Attributes(
        resource.path("verb").asText(""),
        resource.path("group").asText(""),
        resource.path("version").asText(""),
        resource.path("resource").asText(""),
        resource.path("subresource").asText(""),
        resource.path("namespace").asText(""),
        resource.path("name").asText(""),
        "");
  }

  private static UserInfo user(JsonNode spec) {
    Map<String, List<String>> extra = new HashMap<>();
    spec.path("extra")
        .properties()
        .forEach(entry -> extra.put(entry.getKey(), PolicyRule.texts(entry.getValue())));
    return new UserInfo(
        spec.path("user").asText(""),
        spec.path("uid").asText(""),
        PolicyRule.texts(spec.path("groups")),
        extra);
  }

  private static void requireAttributes(String kind, JsonNode spec) {
    boolean resource = spec.has("resourceAttributes");
    boolean path = spec.has("nonResourceAttributes");
    if (resource && path) {
      throw Statuses.invalidField(
          GROUP,
          kind,
          "spec.nonResourceAttributes",
          spec.path("nonResourceAttributes"),
          "cannot be specified in combination with resourceAttributes");
    }
    if (!resource && !path) {
      throw Statuses.invalidField(
          GROUP,
          kind,
          "spec.resourceAttributes",
          JsonNodeFactory.instance.nullNode(),
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
  }

  private static void requireUser(String kind, JsonNode spec) {
    if (spec.path("user").asText("").isEmpty() && spec.path("groups").isEmpty()) {
      throw Statuses.invalidField(
          GROUP,
          kind,
          "spec.user",
          TextNode.valueOf(""),
          "at least one of user or group must be specified");
    }
  }
}
