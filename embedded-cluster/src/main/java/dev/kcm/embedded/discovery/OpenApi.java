package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ApiField;
import dev.kcm.embedded.patch.ApiField.ValueType;
import dev.kcm.embedded.patch.ApiType;
import dev.kcm.embedded.patch.ApiTypes;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The OpenAPI documents that kubectl validates and explains with.
 *
 * <p>They hold types, operations and the query parameters that clients look for, and no
 * descriptions. Each call builds a fresh tree; the documents never change, so a caller may keep
 * them.
 *
 * <p><i>Immutable.</i>
 */
public final class OpenApi {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  private static final String VERSION = "v1.34.2";

  private final KindTable table;
  private final Map<String, List<Kind>> byGroupVersion = new LinkedHashMap<>();

  private OpenApi(KindTable table) {
    this.table = table;
    for (Kind kind : table.all()) {
      byGroupVersion.computeIfAbsent(kind.apiVersion(), gv -> new ArrayList<>()).add(kind);
    }
  }

  /** Documents about the kinds of a table. */
  public static OpenApi of(KindTable table) {
    return new OpenApi(table);
  }

  /** {@code /openapi/v2}: all types. */
  public JsonNode v2() {
    ObjectNode document = NODES.objectNode().put("swagger", "2.0");
    document.set("info", about());
    document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    OpenApiSchemas schemas = OpenApiSchemas.version2();
    ApiTypes.standard().all().forEach(type -> definitions.set(type.name(), schemas.schema(type)));
    putLists(definitions, schemas, table.all());
    putCustom(definitions, table.all(), "#/definitions/");
    return document;
  }

  /** {@code /openapi/v3}: where the document of each group version is. */
  public JsonNode v3Index() {
    ObjectNode index = NODES.objectNode();
    ObjectNode paths = index.putObject("paths");
    byGroupVersion.forEach(
        (groupVersion, kinds) -> {
          String path = kinds.get(0).group().isEmpty() ? "api/" : "apis/";
          paths
              .putObject(path + groupVersion)
              .put(
                  "serverRelativeURL",
                  "/openapi/v3/" + path + groupVersion + "?hash=" + hash(kinds, table));
        });
    return index;
  }

  private static String hash(List<Kind> kinds, KindTable table) {
    String names =
        kinds.stream()
            .map(kind -> kind.plural() + table.definition(kind))
            .collect(Collectors.joining(",", VERSION, ""));
    return Integer.toHexString(names.hashCode()).toUpperCase(java.util.Locale.ROOT);
  }

  /**
   * {@code /openapi/v3/api/<version>} or {@code /openapi/v3/apis/<group>/<version>}.
   *
   * @param group API group, empty for core
   * @param version API version
   * @return the document, empty when the version is not served
   */
  public Optional<JsonNode> v3(String group, String version) {
    List<Kind> kinds = byGroupVersion.get(group.isEmpty() ? version : group + "/" + version);
    if (kinds == null) {
      return Optional.empty();
    }
    ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
    document.set("info", about());
    ObjectNode paths = document.putObject("paths");
    kinds.forEach(kind -> OpenApiPaths.add(paths, kind));
    ObjectNode target = document.putObject("components").putObject("schemas");
    OpenApiSchemas schemas = OpenApiSchemas.version3();
    reachable(kinds).forEach((name, type) -> target.set(name, schemas.schema(type)));
    putLists(target, schemas, kinds);
    putCustom(target, kinds, "#/components/schemas/");
    return Optional.of(document);
  }

  private static ObjectNode about() {
    return NODES.objectNode().put("title", "Kubernetes").put("version", VERSION);
  }

  private static void putLists(ObjectNode target, OpenApiSchemas schemas, List<Kind> kinds) {
    for (Kind kind : kinds) {
      if (kind.verbs().contains("list")) {
        ApiType.of(kind)
            .ifPresent(
                type ->
                    target.set(
                        type.name() + "List",
                        schemas.listSchema(type, kind.group(), kind.version(), kind.kind())));
      }
    }
  }

  /** The schemas of custom kinds, as their definitions give them. */
  private void putCustom(ObjectNode target, List<Kind> kinds, String references) {
    for (Kind kind : kinds) {
      JsonNode schema = table.definition(kind).path("schema").path("openAPIV3Schema");
      if (schema.isObject()) {
        ObjectNode shown = schema.deepCopy();
        ObjectNode properties = shown.withObject("/properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("$ref", references + OBJECT_META);
        shown
            .putArray("x-kubernetes-group-version-kind")
            .addObject()
            .put("group", kind.group())
            .put("kind", kind.kind())
            .put("version", kind.version());
        target.set(customName(kind), shown);
      }
    }
  }

  /** The group backwards, version and kind, for example {@code com.example.v1.Thing}. */
  private static String customName(Kind kind) {
    List<String> parts = new ArrayList<>(List.of(kind.group().split("\\.", -1)));
    Collections.reverse(parts);
    return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
  }

  private static Map<String, ApiType> reachable(List<Kind> kinds) {
    Map<String, ApiType> found = new TreeMap<>();
    Deque<ApiType> open = new ArrayDeque<>();
    kinds.forEach(kind -> ApiType.of(kind).ifPresent(open::add));
    open.add(ApiTypes.standard().get("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"));
    open.add(ApiTypes.standard().get(OBJECT_META));
    while (!open.isEmpty()) {
      ApiType type = open.remove();
      if (found.putIfAbsent(type.name(), type) == null) {
        for (ApiField field : type.fields().values()) {
          named(field.type()).ifPresent(open::add);
        }
      }
    }
    return found;
  }

  private static Optional<ApiType> named(ValueType type) {
    return type.element().map(OpenApi::named).orElseGet(type::named);
  }

  /** The operations on a kind. */
  private static final class OpenApiPaths {

    private static final List<String> WRITE_PARAMETERS =
        List.of("dryRun", "fieldManager", "fieldValidation");

    private OpenApiPaths() {}

    static void add(ObjectNode paths, Kind kind) {
      String root =
          (kind.group().isEmpty() ? "/api/" : "/apis/")
              + kind.apiVersion()
              + (kind.namespaced() ? "/namespaces/{namespace}/" : "/")
              + kind.plural();
      ObjectNode collection = NODES.objectNode();
      add(collection, "get", "list", kind);
      add(collection, "post", "create", kind);
      add(collection, "delete", "deletecollection", kind);
      ObjectNode object = NODES.objectNode();
      add(object, "get", "get", kind);
      add(object, "put", "update", kind);
      add(object, "patch", "patch", kind);
      add(object, "delete", "delete", kind);
      put(paths, root, collection);
      put(paths, root + "/{name}", object);
    }

    private static void put(ObjectNode paths, String path, ObjectNode operations) {
      if (!operations.isEmpty()) {
        ArrayNode parameters = operations.putArray("parameters");
        for (String name : List.of("namespace", "name")) {
          if (path.contains("{" + name + "}")) {
            parameter(parameters, name, "path").put("required", true);
          }
        }
        paths.set(path, operations);
      }
    }

    private static void add(ObjectNode operations, String method, String verb, Kind kind) {
      if (!kind.verbs().contains(verb)) {
        return;
      }
      ObjectNode operation = operations.putObject(method);
      operation.put("x-kubernetes-action", verb);
      operation
          .putObject("x-kubernetes-group-version-kind")
          .put("group", kind.group())
          .put("version", kind.version())
          .put("kind", kind.kind());
      if (List.of("create", "update", "patch").contains(verb)) {
        ArrayNode parameters = operation.putArray("parameters");
        WRITE_PARAMETERS.forEach(name -> parameter(parameters, name, "query"));
        if (verb.equals("patch")) {
          parameter(parameters, "force", "query");
        }
      }
      operation.putObject("responses").putObject("200").put("description", "OK");
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String place) {
      ObjectNode parameter = parameters.addObject().put("name", name).put("in", place);
      parameter.putObject("schema").put("type", name.equals("force") ? "boolean" : "string");
      return parameter;
    }
  }
}
