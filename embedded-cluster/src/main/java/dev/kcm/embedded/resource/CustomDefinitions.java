package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind.Subresource;
import dev.kcm.embedded.resource.Kind.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads CustomResourceDefinitions: what they leave open, what is wrong with them, which kinds they
 * define.
 *
 * <p>Stateless.
 */
final class CustomDefinitions {

  static final String KEY = "apiextensions.k8s.io/v1/CustomResourceDefinition";

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> PART_VERBS = List.of("get", "patch", "update");

  private CustomDefinitions() {}

  /** Completes a definition. */
  static void applyDefaults(ObjectNode definition) {
    ObjectNode spec = Trees.child(definition, "spec");
    ObjectNode names = Trees.child(spec, "names");
    String kind = names.path("kind").asText("");
    if (!kind.isEmpty()) {
      Trees.putIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
      Trees.putIfAbsent(names, "listKind", kind + "List");
    }
    Trees.putIfAbsent(Trees.child(spec, "conversion"), "strategy", "None");
  }

  /** Reports what is wrong with a definition. */
  static void check(JsonNode definition, JsonNode current, FieldErrors errors) {
    JsonNode spec = definition.path("spec");
    String plural = spec.path("names").path("plural").asText("");
    String group = spec.path("group").asText("");
    String wanted = plural + "." + group;
    if (!Meta.name(definition).equals(wanted)) {
      errors.invalid(
          "metadata.name", Meta.name(definition), "must be spec.names.plural+\".\"+spec.group");
    }
    requireText(spec, "group", "spec.group", errors);
    requireText(spec.path("names"), "plural", "spec.names.plural", errors);
    requireText(spec.path("names"), "kind", "spec.names.kind", errors);
    String scope = spec.path("scope").asText("");
    if (scope.isEmpty()) {
      errors.required("spec.scope", "");
    } else if (!Set.of("Cluster", "Namespaced").contains(scope)) {
      errors.notSupported("spec.scope", spec.path("scope"), List.of("Cluster", "Namespaced"));
    }
    checkVersions(spec, errors);
    if (!current.isMissingNode()) {
      unchanged("spec.group", spec.path("group"), current.path("spec").path("group"), errors);
      unchanged("spec.scope", spec.path("scope"), current.path("spec").path("scope"), errors);
    }
  }

  private static void unchanged(String field, JsonNode value, JsonNode before, FieldErrors errors) {
    if (!value.equals(before)) {
      errors.invalid(field, value, "field is immutable");
    }
  }

  private static void requireText(JsonNode parent, String name, String field, FieldErrors errors) {
    if (parent.path(name).asText("").isEmpty()) {
      errors.required(field, "");
    }
  }

  private static void checkVersions(JsonNode spec, FieldErrors errors) {
    JsonNode versions = spec.path("versions");
    int stored = 0;
    for (int i = 0; i < versions.size(); i++) {
      JsonNode version = versions.get(i);
      stored += version.path("storage").asBoolean() ? 1 : 0;
      if (!CustomSchema.of(version).isObject()) {
        errors.required("spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required");
      }
    }
    if (versions.isEmpty() || stored != 1) {
      errors.invalid(
          "spec.versions", versions, "must have exactly one version marked as storage version");
    }
  }

  /** The name of the version in which objects are kept. */
  static String storedVersion(JsonNode definition) {
    for (JsonNode version : definition.path("spec").path("versions")) {
      if (version.path("storage").asBoolean()) {
        return version.path("name").asText();
      }
    }
    return "";
  }

  /** The kinds of a definition, the stored version first, each with its version entry. */
  static Map<Kind, JsonNode> kinds(JsonNode definition) {
    List<JsonNode> versions = new ArrayList<>();
    for (JsonNode version : definition.path("spec").path("versions")) {
      if (version.path("storage").asBoolean()) {
        versions.add(0, version);
      } else {
        versions.add(version);
      }
    }
    Map<Kind, JsonNode> kinds = new LinkedHashMap<>();
    for (JsonNode version : versions) {
      if (version.path("served").asBoolean()) {
        kinds.put(kind(definition.path("spec"), version), version);
      }
    }
    return kinds;
  }

  private static Kind kind(JsonNode spec, JsonNode version) {
    JsonNode names = spec.path("names");
    String kind = names.path("kind").asText();
    return new Kind(
        spec.path("group").asText(),
        version.path("name").asText(),
        kind,
        names.path("plural").asText(),
        names.path("singular").asText(),
        Trees.textList(names.path("shortNames")),
        Trees.textList(names.path("categories")),
        spec.path("scope").asText().equals("Namespaced"),
        VERBS,
        subresources(kind, version.path("subresources")),
        "",
        Set.of(Trait.GENERATION, Trait.VERSION_REQUIRED),
        selectableFields(version));
  }

  private static List<String> selectableFields(JsonNode version) {
    List<String> fields = new ArrayList<>();
    for (JsonNode field : version.path("selectableFields")) {
      String path = field.path("jsonPath").asText();
      fields.add(path.startsWith(".") ? path.substring(1) : path);
    }
    return fields;
  }

  private static List<Subresource> subresources(String kind, JsonNode wanted) {
    List<Subresource> subresources = new ArrayList<>();
    if (wanted.has("scale")) {
      subresources.add(new Subresource("scale", "autoscaling", "v1", "Scale", PART_VERBS));
    }
    if (wanted.has("status")) {
      subresources.add(new Subresource("status", "", "", kind, PART_VERBS));
    }
    return subresources;
  }
}
