package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.discovery.Discovery;
import dev.kcm.embedded.discovery.OpenApi;
import dev.kcm.embedded.http.Representation.Format;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.Statuses;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Answers paths outside the resources: health, version, discovery, OpenAPI.
 *
 * <p>Thread-safe: documents that are large or tagged are made once for each table of kinds and kept
 * in a concurrent map.
 */
final class DocumentHandler {

  /** The documents of one table of kinds. */
  private record Documents(
      KindTable kinds,
      Discovery discovery,
      OpenApi openApi,
      ConcurrentHashMap<String, TaggedDocument> made) {

    static Documents of(KindTable kinds) {
      return new Documents(
          kinds, Discovery.of(kinds), OpenApi.of(kinds), new ConcurrentHashMap<>());
    }
  }

  private final Supplier<KindTable> kinds;
  private final HealthHandler health;
  private volatile Documents documents;

  /**
   * @param kinds the kinds of the moment; another table makes other documents
   */
  DocumentHandler(Supplier<KindTable> kinds, HealthHandler health) {
    this.kinds = kinds;
    this.health = health;
    documents = Documents.of(kinds.get());
  }

  @SuppressWarnings("ReferenceEquality") // a table is never changed, so the same one says the same
  private Documents documents() {
    KindTable current = kinds.get();
    Documents known = documents;
    if (known.kinds() != current) {
      known = Documents.of(current);
      documents = known;
    }
    return known;
  }

  private Discovery discovery() {
    return documents().discovery();
  }

  /** Answers, or throws the refusal. The sender may read the path. */
  void handle(Request request, RequestPath.Plain path) {
    List<String> segments = path.segments();
    if (!request.method().equals(Methods.GET)) {
      throw Statuses.methodNotAllowed();
    }
    if (segments.isEmpty()) {
      send(request, index());
      return;
    }
    String root = segments.get(0);
    if (HealthHandler.ROOTS.contains(root)) {
      health.handle(request, segments);
    } else if (root.equals("openapi")) {
      openApi(request, segments);
    } else if (segments.size() == 1 && (root.equals("api") || root.equals("apis"))) {
      groups(request, root);
    } else {
      Optional<JsonNode> document = document(segments);
      document.ifPresentOrElse(found -> send(request, found), () -> notFound(request));
    }
  }

  private Optional<JsonNode> document(List<String> segments) {
    String root = segments.get(0);
    return switch (segments.size()) {
      case 1 -> root.equals("version") ? Optional.of(discovery().version()) : Optional.empty();
      case 2 ->
          switch (root) {
            case "api" -> discovery().resources("", segments.get(1));
            case "apis" -> discovery().apiGroup(segments.get(1));
            default -> Optional.empty();
          };
      case 3 ->
          root.equals("apis")
              ? discovery().resources(segments.get(1), segments.get(2))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private void groups(Request request, String root) {
    boolean core = root.equals("api");
    Optional<String> aggregated = AcceptHeader.aggregatedDiscovery(request.header(Headers.ACCEPT));
    request.exchange().getResponseHeaders().put(Headers.VARY, "Accept");
    if (aggregated.isEmpty()) {
      send(request, core ? discovery().apiVersions() : discovery().apiGroups());
      return;
    }
    String type =
        "application/json;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList"
            .formatted(aggregated.get());
    sendTagged(
        request,
        type,
        tagged(root, core ? discovery()::aggregatedCore : discovery()::aggregatedGroups));
  }

  private void openApi(Request request, List<String> segments) {
    String path = String.join("/", segments);
    Optional<Supplier<JsonNode>> document =
        switch (segments.size()) {
          case 2 ->
              switch (segments.get(1)) {
                case "v2" -> Optional.of(documents().openApi()::v2);
                case "v3" -> Optional.of(documents().openApi()::v3Index);
                default -> Optional.empty();
              };
          case 4, 5 -> openApiPart(segments.subList(1, segments.size()));
          default -> Optional.empty();
        };
    document.ifPresentOrElse(
        maker -> sendTagged(request, "application/json", tagged(path, maker)),
        () -> notFound(request));
  }

  /** The document of a group version, from {@code v3/api/<v>} or {@code v3/apis/<g>/<v>}. */
  private Optional<Supplier<JsonNode>> openApiPart(List<String> path) {
    boolean core = path.size() == 3 && path.get(1).equals("api");
    boolean grouped = path.size() == 4 && path.get(1).equals("apis");
    if (!path.get(0).equals("v3") || !(core || grouped)) {
      return Optional.empty();
    }
    String group = core ? "" : path.get(2);
    return documents()
        .openApi()
        .v3(group, path.get(path.size() - 1))
        .map(document -> () -> document);
  }

  private TaggedDocument tagged(String key, Supplier<JsonNode> maker) {
    return documents()
        .made()
        .computeIfAbsent(
            key,
            absent ->
                TaggedDocument.of(JsonText.write(maker.get(), Format.JSON, false).toByteArray()));
  }

  private JsonNode index() {
    List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
    for (JsonNode group : discovery().apiGroups().path("groups")) {
      paths.add("/apis/" + group.path("name").asText());
      group
          .path("versions")
          .forEach(version -> paths.add("/apis/" + version.path("groupVersion").asText()));
    }
    HealthHandler.ROOTS.stream().sorted().forEach(root -> paths.add("/" + root));
    paths.addAll(List.of("/openapi/v2", "/openapi/v3", "/version"));
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ArrayNode list = index.putArray("paths");
    paths.forEach(list::add);
    return index;
  }

  private static void send(Request request, JsonNode document) {
    Responder.send(
        request.exchange(),
        StatusCodes.OK,
        document,
        request.documentFormat(),
        request.isPretty() || document.has("gitVersion"));
  }

  /** Sends a document, or only the news that it is still the one the client has. */
  private static void sendTagged(Request request, String type, TaggedDocument document) {
    request.exchange().getResponseHeaders().put(Headers.ETAG, document.tag());
    if (request.header(Headers.IF_NONE_MATCH).contains(document.tag())) {
      Responder.sendNothing(request.exchange(), StatusCodes.NOT_MODIFIED);
    } else {
      Responder.sendBytes(request.exchange(), StatusCodes.OK, type, document.bytes());
    }
  }

  private static void notFound(Request request) {
    Responder.sendText(request.exchange(), StatusCodes.NOT_FOUND, "404 page not found\n");
  }
}
