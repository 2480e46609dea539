package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * OpenAPI documents that say which kinds exist and that the server checks fields itself. Fields are
 * left open: clients that read the documents leave validation to the server.
 *
 * <p>Immutable; documents are made per request from the kinds served at that time.
 */
final class OpenApi {

  private final Supplier<List<Kind>> kinds;

  OpenApi(Supplier<List<Kind>> kinds) {
    this.kinds = kinds;
  }

  /** The document of older clients. */
  JsonNode v2() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("swagger", "2.0");
    info(document);
    ObjectNode paths = document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    for (Kind kind : kinds.get()) {
      schema(definitions, kind);
      patchOperation(paths, kind, parameter -> parameter.put("type", "string"));
    }
    return document;
  }

  /** The index of the documents of group versions. */
  JsonNode index() {
    TreeMap<String, List<Kind>> byPath =
        kinds.get().stream()
            .collect(Collectors.groupingBy(OpenApi::path, TreeMap::new, Collectors.toList()));
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = document.putObject("paths");
    byPath.forEach(
        (path, members) -> {
          String hash = DocumentHandler.hash(JsonText.compact(v3(members)));
          paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
        });
    return document;
  }

  /**
   * The document of one group version.
   *
   * @param path for example {@code api/v1} or {@code apis/apps/v1}
   */
  Optional<JsonNode> document(String path) {
    List<Kind> members = kinds.get().stream().filter(kind -> path(kind).equals(path)).toList();
    return members.isEmpty() ? Optional.empty() : Optional.of(v3(members));
  }

  private static JsonNode v3(List<Kind> members) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("openapi", "3.0.0");
    info(document);
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (Kind kind : members) {
      schema(schemas, kind);
      patchOperation(paths, kind, parameter -> parameter.putObject("schema").put("type", "string"));
    }
    return document;
  }

  private static void info(ObjectNode document) {
    document.putObject("info").put("title", "Kubernetes").put("version", "v1.34.0");
  }

  private static void schema(ObjectNode schemas, Kind kind) {
    ObjectNode schema = schemas.putObject(definition(kind));
    schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    ObjectNode properties = schema.putObject("properties");
    List.of("apiVersion", "kind").forEach(name -> properties.putObject(name).put("type", "string"));
    groupVersionKind(schema.putArray("x-kubernetes-group-version-kind").addObject(), kind);
  }

  /** Clients look at the patch of a kind to learn whether the server validates fields. */
  private static void patchOperation(ObjectNode paths, Kind kind, Consumer<ObjectNode> typed) {
    if (!kind.verbs().contains("patch")) {
      return;
    }
    ObjectNode patch = paths.putObject(objectPath(kind)).putObject("patch");
    ArrayNode parameters = patch.putArray("parameters");
    for (String name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
      typed.accept(parameters.addObject().put("name", name).put("in", "query"));
    }
    patch.putObject("responses").putObject("200").put("description", "OK");
    patch.put("x-kubernetes-action", "patch");
    groupVersionKind(patch.putObject("x-kubernetes-group-version-kind"), kind);
  }

  private static void groupVersionKind(ObjectNode node, Kind kind) {
    node.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
  }

  private static String path(Kind kind) {
    return (kind.group().isEmpty() ? "api/" : "apis/") + kind.apiVersion();
  }

  private static String objectPath(Kind kind) {
    return "/"
        + path(kind)
        + (kind.namespaced() ? "/namespaces/{namespace}/" : "/")
        + kind.plural()
        + "/{name}";
  }

  private static String definition(Kind kind) {
    String group = kind.group().isEmpty() ? "core" : kind.group().split("\\.", 2)[0];
    return "io.k8s.api.%s.%s.%s"
        .formatted(group.toLowerCase(Locale.ROOT), kind.version(), kind.kind());
  }
}
