package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One rule of a role. */
record PolicyRule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceUrls) {

  private static final String ALL = "*";

  static PolicyRule of(JsonNode rule) {
    return new PolicyRule(
        texts(rule.path("verbs")),
        texts(rule.path("apiGroups")),
        texts(rule.path("resources")),
        texts(rule.path("resourceNames")),
        texts(rule.path("nonResourceURLs")));
  }

  static List<PolicyRule> allOf(JsonNode role) {
    List<PolicyRule> rules = new ArrayList<>();
    role.path("rules").forEach(rule -> rules.add(of(rule)));
    return rules;
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return List.copyOf(texts);
  }

  boolean allows(Attributes wanted) {
    if (!has(verbs, wanted.verb())) {
      return false;
    }
    return wanted.isResource()
        ? has(apiGroups, wanted.group()) && coversResource(wanted) && coversName(wanted.name())
        : nonResourceUrls.stream().anyMatch(url -> coversPath(url, wanted.path()));
  }

  private boolean coversResource(Attributes wanted) {
    return has(resources, wanted.fullResource())
        || (!wanted.subresource().isEmpty() && resources.contains("*/" + wanted.subresource()));
  }

  private boolean coversName(String name) {
    return resourceNames.isEmpty() || resourceNames.contains(name);
  }

  private static boolean coversPath(String rule, String path) {
    return rule.equals(ALL)
        || rule.equals(path)
        || (rule.endsWith(ALL) && path.startsWith(rule.substring(0, rule.length() - 1)));
  }

  private static boolean has(List<String> allowed, String wanted) {
    return allowed.contains(ALL) || allowed.contains(wanted);
  }
}
