package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refuses roles and bindings that give what their writer does not have.
 *
 * <p>Thread-safe: without state of its own.
 */
final class Escalation {

  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final PolicyRule EVERYTHING =
      new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of());

  private final ApiServer server;
  private final Authorizer authorizer;
  private final RbacAuthorizer rbac;

  Escalation(ApiServer server, Authorizer authorizer, RbacAuthorizer rbac) {
    this.server = server;
    this.authorizer = authorizer;
    this.rbac = rbac;
  }

  /** Checks a role that is to be stored. */
  void checkRole(ApiRequest request, JsonNode role) {
    boolean sameRules =
        stored(request)
            .filter(old -> old.path("rules").equals(role.path("rules")))
            .filter(old -> old.path("aggregationRule").equals(role.path("aggregationRule")))
            .isPresent();
    if (!sameRules && !may(request, "escalate", request.resource(), CoreObjects.name(role))) {
      List<PolicyRule> rules =
          role.has("aggregationRule") ? List.of(EVERYTHING) : PolicyRule.allOf(role);
      requireHeld(request, CoreObjects.name(role), rules);
    }
  }

  /** Checks a binding that is to be stored. */
  void checkBinding(ApiRequest request, JsonNode binding) {
    JsonNode reference = binding.path("roleRef");
    String plural = reference.path("kind").asText().equals("Role") ? "roles" : "clusterroles";
    String name = reference.path("name").asText();
    boolean same =
        stored(request)
            .filter(old -> old.path("subjects").equals(binding.path("subjects")))
            .isPresent();
    if (!same && !may(request, "bind", plural, name)) {
      Kind kind = kind(plural);
      String namespace = kind.namespaced() ? request.namespace() : "";
      JsonNode role =
          server.stored(kind, namespace, name).orElseThrow(() -> Statuses.notFound(kind, name));
      requireHeld(request, CoreObjects.name(binding), PolicyRule.allOf(role));
    }
  }

  private Optional<JsonNode> stored(ApiRequest request) {
    return server.stored(kind(request.resource()), request.namespace(), request.name());
  }

  private Kind kind(String plural) {
    return server.kinds().find(GROUP, "v1", plural).orElseThrow();
  }

  private boolean may(ApiRequest request, String verb, String resource, String name) {
    UserInfo user = request.user();
    Attributes wanted =
        new Attributes(verb, GROUP, "v1", resource, "", request.namespace(), name, "");
    return user.equals(UserInfo.LOOPBACK)
        || user.groups().contains("system:masters")
        || authorizer.authorize(user, wanted).allowed();
  }

  private void requireHeld(ApiRequest request, String name, List<PolicyRule> wanted) {
    List<PolicyRule> held = rbac.rules(request.user(), request.namespace());
    List<PolicyRule> missing =
        wanted.stream()
            .flatMap(rule -> rule.parts().stream())
            .filter(part -> held.stream().noneMatch(rule -> rule.covers(part)))
            .toList();
    if (!missing.isEmpty()) {
      throw Statuses.forbidden(
          GROUP, request.resource(), name, "user " + text(request.user()) + lines(missing));
    }
  }

  private static String text(UserInfo user) {
    return "\"" + user.name() + "\" (groups=[\"" + String.join("\" \"", user.groups()) + "\"])";
  }

  private static String lines(List<PolicyRule> missing) {
    return missing.stream()
        .map(PolicyRule::toString)
        .collect(
            Collectors.joining(
                "\n", " is attempting to grant RBAC permissions not currently held:\n", ""));
  }
}
