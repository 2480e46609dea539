package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.Kind.Subresource;
import dev.kcm.embedded.resource.KindTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The documents by which clients find out what a server serves.
 *
 * <p>Each call builds a fresh tree that the caller may keep and change.
 *
 * <p><i>Immutable.</i>
 */
public final class Discovery {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Kinds by version by group, both in discovery order; core is the empty group. */
  private final Map<String, Map<String, List<Kind>>> groups = new LinkedHashMap<>();

  private Discovery(KindTable table) {
    for (Kind kind : table.all()) {
      groups
          .computeIfAbsent(kind.group(), group -> new LinkedHashMap<>())
          .computeIfAbsent(kind.version(), version -> new ArrayList<>())
          .add(kind);
    }
  }

  /** Discovery of the kinds of a table. */
  public static Discovery of(KindTable table) {
    return new Discovery(table);
  }

  /** {@code /api}: the versions of the core group. */
  public JsonNode apiVersions() {
    ObjectNode document = NODES.objectNode().put("kind", "APIVersions");
    ArrayNode versions = document.putArray("versions");
    groups.getOrDefault("", Map.of()).keySet().forEach(versions::add);
    document.putArray("serverAddressByClientCIDRs");
    return document;
  }

  /** {@code /apis}: the named groups with their versions, preferred version first. */
  public JsonNode apiGroups() {
    ObjectNode document = NODES.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode list = document.putArray("groups");
    groups.keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> describe(g, list.addObject()));
    return document;
  }

  /** {@code /apis/<group>}: one named group, empty when it is not served. */
  public Optional<JsonNode> apiGroup(String group) {
    if (group.isEmpty() || !groups.containsKey(group)) {
      return Optional.empty();
    }
    ObjectNode document = NODES.objectNode().put("kind", "APIGroup").put("apiVersion", "v1");
    describe(group, document);
    return Optional.of(document);
  }

  private void describe(String group, ObjectNode target) {
    target.put("name", group);
    ArrayNode versions = target.putArray("versions");
    for (String version : groups.getOrDefault(group, Map.of()).keySet()) {
      versions.addObject().put("groupVersion", group + "/" + version).put("version", version);
    }
    target.set("preferredVersion", versions.get(0).deepCopy());
  }

  /**
   * {@code /api/<version>} or {@code /apis/<group>/<version>}: resources and subresources of a
   * group version.
   *
   * @param group API group, empty for core
   * @param version API version, for example {@code v1}
   * @return the APIResourceList, empty when the version is not served
   */
  public Optional<JsonNode> resources(String group, String version) {
    List<Kind> kinds = groups.getOrDefault(group, Map.of()).get(version);
    if (kinds == null) {
      return Optional.empty();
    }
    ObjectNode document = NODES.objectNode().put("kind", "APIResourceList");
    if (!group.isEmpty()) {
      document.put("apiVersion", "v1");
    }
    document.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    List<ObjectNode> resources = new ArrayList<>();
    for (Kind kind : kinds) {
      resources.add(resource(kind));
      kind.subresources().forEach(sub -> resources.add(subresource(kind, sub)));
    }
    resources.sort(Comparator.comparing(resource -> resource.path("name").asText()));
    document.putArray("resources").addAll(resources);
    return Optional.of(document);
  }

  private static ObjectNode resource(Kind kind) {
    ObjectNode resource =
        NODES
            .objectNode()
            .put("name", kind.plural())
            .put("singularName", kind.singular())
            .put("namespaced", kind.namespaced())
            .put("kind", kind.kind());
    putList(resource, "verbs", kind.verbs());
    putUnlessEmpty(resource, "shortNames", kind.shortNames());
    putUnlessEmpty(resource, "categories", kind.categories());
    if (!kind.storageVersionHash().isEmpty()) {
      resource.put("storageVersionHash", kind.storageVersionHash());
    }
    return resource;
  }

  private static ObjectNode subresource(Kind kind, Subresource sub) {
    ObjectNode resource =
        NODES
            .objectNode()
            .put("name", kind.plural() + "/" + sub.name())
            .put("singularName", "")
            .put("namespaced", kind.namespaced());
    if (!sub.version().isEmpty()) {
      resource.put("group", sub.group()).put("version", sub.version());
    }
    resource.put("kind", sub.kind());
    putList(resource, "verbs", sub.verbs());
    return resource;
  }

  /** {@code /api} in the aggregated form: one document with all core resources. */
  public JsonNode aggregatedCore() {
    return aggregated(true);
  }

  /** {@code /apis} in the aggregated form: one document with the resources of all named groups. */
  public JsonNode aggregatedGroups() {
    return aggregated(false);
  }

  private JsonNode aggregated(boolean core) {
    ObjectNode document =
        NODES
            .objectNode()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", "apidiscovery.k8s.io/v2");
    document.putObject("metadata");
    ArrayNode items = document.putArray("items");
    groups.forEach(
        (group, versions) -> {
          if (group.isEmpty() == core) {
            aggregate(group, versions, items.addObject());
          }
        });
    return document;
  }

  private static void aggregate(String group, Map<String, List<Kind>> versions, ObjectNode item) {
    ObjectNode metadata = item.putObject("metadata");
    if (!group.isEmpty()) {
      metadata.put("name", group);
    }
    ArrayNode list = item.putArray("versions");
    versions.forEach(
        (version, kinds) -> {
          ObjectNode entry = list.addObject().put("version", version).put("freshness", "Current");
          ArrayNode resources = entry.putArray("resources");
          kinds.forEach(kind -> aggregate(kind, resources.addObject()));
        });
  }

  private static void aggregate(Kind kind, ObjectNode target) {
    target.put("resource", kind.plural());
    // Group and version stay empty when they are those of the document, as in the original.
    putKind(target, "", "", kind.kind());
    target.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    target.put("singularResource", kind.singular());
    putList(target, "verbs", kind.verbs());
    putUnlessEmpty(target, "shortNames", kind.shortNames());
    putUnlessEmpty(target, "categories", kind.categories());
    if (!kind.subresources().isEmpty()) {
      ArrayNode subresources = target.putArray("subresources");
      for (Subresource sub : kind.subresources()) {
        ObjectNode entry = subresources.addObject().put("subresource", sub.name());
        putKind(entry, sub.group(), sub.version(), sub.kind());
        putList(entry, "verbs", sub.verbs());
      }
    }
  }

  private static void putKind(ObjectNode target, String group, String version, String kind) {
    target.putObject("responseKind").put("group", group).put("version", version).put("kind", kind);
  }

  private static void putUnlessEmpty(ObjectNode target, String key, List<String> values) {
    if (!values.isEmpty()) {
      putList(target, key, values);
    }
  }

  private static void putList(ObjectNode target, String key, List<String> values) {
    ArrayNode list = target.putArray(key);
    values.forEach(list::add);
  }

  /** {@code /version}: the Kubernetes version whose API is served. */
  public JsonNode version() {
    return NODES
        .objectNode()
        .put("major", "1")
        .put("minor", "34")
        .put("emulationMajor", "1")
        .put("emulationMinor", "34")
        .put("minCompatibilityMajor", "1")
        .put("minCompatibilityMinor", "33")
        .put("gitVersion", "v1.34.2")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "go1.24.9")
        .put("compiler", "gc")
        .put("platform", "linux/amd64");
  }
}
