package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.UserInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All roles and bindings at one moment, by the subjects they name. Immutable.
 *
 * <p>A lookup costs one map access for the user and for each of its groups.
 */
final class RbacIndex {

  /** A role as a binding gives it to a subject. */
  private record Grant(Binding binding, String subject) {}

  /**
   * A binding.
   *
   * @param namespace where it holds, empty for everywhere
   * @param name name of the binding
   * @param role the role it gives
   */
  private record Binding(String namespace, String name, Role role) {}

  /**
   * A role that a binding refers to.
   *
   * @param known whether there is such a role
   */
  private record Role(String kind, String name, boolean known, List<PolicyRule> rules) {

    String missing() {
      String resource = kind.equals("Role") ? "role" : "clusterrole";
      return "%s.rbac.authorization.k8s.io \"%s\" not found".formatted(resource, name);
    }
  }

  private final Map<String, List<Grant>> grantsBySubject = new HashMap<>();

  private RbacIndex() {}

  static RbacIndex of(
      List<JsonNode> clusterRoles,
      List<JsonNode> clusterBindings,
      List<JsonNode> roles,
      List<JsonNode> bindings) {
    Map<String, List<PolicyRule>> rules = new HashMap<>();
    clusterRoles.forEach(r -> rules.put(key("", "ClusterRole", name(r)), PolicyRule.allOf(r)));
    roles.forEach(r -> rules.put(key(namespace(r), "Role", name(r)), PolicyRule.allOf(r)));
    RbacIndex index = new RbacIndex();
    clusterBindings.forEach(binding -> index.add(binding, rules));
    bindings.forEach(binding -> index.add(binding, rules));
    return index;
  }

  private void add(JsonNode object, Map<String, List<PolicyRule>> rules) {
    String namespace = namespace(object);
    String kind = object.path("roleRef").path("kind").asText();
    String name = object.path("roleRef").path("name").asText();
    List<PolicyRule> known = rules.get(key(kind.equals("Role") ? namespace : "", kind, name));
    Role role = new Role(kind, name, known != null, known == null ? List.of() : known);
    Binding binding = new Binding(namespace, name(object), role);
    for (JsonNode subject : object.path("subjects")) {
      grantsBySubject
          .computeIfAbsent(subjectKey(subject, namespace), absent -> new ArrayList<>())
          .add(new Grant(binding, subjectText(subject, namespace)));
    }
  }

  /**
   * The first rule that allows what is wanted, as the reason of the decision names it; else what
   * was missing on the way.
   */
  Authorizer.Decision decide(UserInfo user, Attributes wanted) {
    Set<String> missing = new LinkedHashSet<>();
    Predicate<Binding> everywhere = binding -> binding.namespace().isEmpty();
    Predicate<Binding> here =
        binding -> !binding.namespace().isEmpty() && binding.namespace().equals(wanted.namespace());
    for (Predicate<Binding> scope : List.of(everywhere, here)) {
      for (Grant grant : grants(user, scope)) {
        Role role = grant.binding().role();
        if (!role.known()) {
          missing.add(role.missing());
        } else if (role.rules().stream().anyMatch(rule -> rule.allows(wanted))) {
          return new Authorizer.Decision(true, "RBAC: allowed by " + text(grant));
        }
      }
    }
    return new Authorizer.Decision(false, reason(missing));
  }

  private static String reason(Set<String> missing) {
    return switch (missing.size()) {
      case 0 -> "";
      case 1 -> "RBAC: " + missing.iterator().next();
      default -> "RBAC: [" + String.join(", ", missing) + "]";
    };
  }

  /** The rules of a user that hold in a namespace. */
  List<PolicyRule> rules(UserInfo user, String namespace) {
    List<PolicyRule> rules = new ArrayList<>();
    Predicate<Binding> holds =
        binding -> binding.namespace().isEmpty() || binding.namespace().equals(namespace);
    grants(user, holds).forEach(grant -> rules.addAll(grant.binding().role().rules()));
    return rules;
  }

  private List<Grant> grants(UserInfo user, Predicate<Binding> scope) {
    List<Grant> grants = new ArrayList<>();
    subjects(user)
        .forEach(
            subject ->
                grantsBySubject.getOrDefault(subject, List.of()).stream()
                    .filter(grant -> scope.test(grant.binding()))
                    .forEach(grants::add));
    return grants;
  }

  private static List<String> subjects(UserInfo user) {
    List<String> subjects = new ArrayList<>(List.of("User/" + user.name()));
    user.groups().forEach(group -> subjects.add("Group/" + group));
    return subjects;
  }

  /** A service account is the user that its tokens stand for. */
  private static String subjectKey(JsonNode subject, String namespace) {
    String name = subject.path("name").asText();
    return subject.path("kind").asText().equals("ServiceAccount")
        ? "User/system:serviceaccount:" + accountNamespace(subject, namespace) + ":" + name
        : subject.path("kind").asText() + "/" + name;
  }

  private static String subjectText(JsonNode subject, String namespace) {
    String kind = subject.path("kind").asText();
    String name = subject.path("name").asText();
    return kind.equals("ServiceAccount")
        ? "ServiceAccount \"" + name + "/" + accountNamespace(subject, namespace) + "\""
        : kind + " \"" + name + "\"";
  }

  private static String accountNamespace(JsonNode subject, String bindingNamespace) {
    return subject.path("namespace").asText(bindingNamespace);
  }

  private static String text(Grant grant) {
    Binding binding = grant.binding();
    String kind = binding.namespace().isEmpty() ? "ClusterRoleBinding" : "RoleBinding";
    String shown =
        binding.namespace().isEmpty() ? binding.name() : binding.name() + "/" + binding.namespace();
    return "%s \"%s\" of %s \"%s\" to %s"
        .formatted(kind, shown, binding.role().kind(), binding.role().name(), grant.subject());
  }

  private static String key(String namespace, String kind, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  private static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }
}
