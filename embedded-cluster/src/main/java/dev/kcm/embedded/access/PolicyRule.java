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

  /** The rules of one verb and one resource or path each that this rule is made of. */
  List<PolicyRule> parts() {
    List<PolicyRule> parts = new ArrayList<>();
    List<String> none = List.of();
    for (String verb : verbs) {
      for (String url : nonResourceUrls) {
        parts.add(new PolicyRule(List.of(verb), none, none, none, List.of(url)));
      }
      for (String group : apiGroups) {
        for (String resource : resources) {
          List<List<String>> names =
              resourceNames.isEmpty()
                  ? List.of(none)
                  : resourceNames.stream().map(List::of).toList();
          names.forEach(
              name ->
                  parts.add(
                      new PolicyRule(
                          List.of(verb), List.of(group), List.of(resource), name, none)));
        }
      }
    }
    return parts;
  }

  /** Whether this rule gives all that one part of another rule gives. */
  boolean covers(PolicyRule part) {
    if (!has(verbs, part.verbs.get(0))) {
      return false;
    }
    if (!part.nonResourceUrls.isEmpty()) {
      String path = part.nonResourceUrls.get(0);
      return nonResourceUrls.stream().anyMatch(url -> coversPath(url, path));
    }
    String resource = part.resources.get(0);
    int slash = resource.indexOf('/');
    boolean resourceCovered =
        has(resources, resource)
            || (slash >= 0 && resources.contains("*" + resource.substring(slash)));
    return resourceCovered
        && has(apiGroups, part.apiGroups.get(0))
        && (resourceNames.isEmpty()
            || (!part.resourceNames.isEmpty() && resourceNames.containsAll(part.resourceNames)));
  }

  /** As messages write it. */
  @Override
  public String toString() {
    List<String> fields = new ArrayList<>();
    add(fields, "APIGroups", apiGroups);
    add(fields, "Resources", resources);
    add(fields, "ResourceNames", resourceNames);
    add(fields, "NonResourceURLs", nonResourceUrls);
    add(fields, "Verbs", verbs);
    return "{" + String.join(", ", fields) + "}";
  }

  private static void add(List<String> fields, String name, List<String> values) {
    if (!values.isEmpty()) {
      fields.add(name + ":[\"" + String.join("\" \"", values) + "\"]");
    }
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
