package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.http.Representation.Format;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Answers paths outside the resources: health, version, discovery, OpenAPI. Thread-safe. */
final class DocumentHandler {

  private final Documents documents;
  private final OpenApi openApi;
  private final HealthHandler health;

  DocumentHandler(Documents documents, OpenApi openApi, HealthHandler health) {
    this.documents = documents;
    this.openApi = openApi;
    this.health = health;
  }

  /** Answers, or throws the refusal. The sender may read the path. */
  void handle(Request request, RequestPath.Plain path) {
    List<String> segments = path.segments();
    if (!request.method().equals(Methods.GET)) {
      throw Refusal.methodNotAllowed();
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
      case 1 -> root.equals("version") ? Optional.of(documents.version()) : Optional.empty();
      case 2 ->
          switch (root) {
            case "api" -> documents.resources("", segments.get(1));
            case "apis" -> group(segments.get(1));
            default -> Optional.empty();
          };
      case 3 ->
          root.equals("apis")
              ? documents.resources(segments.get(1), segments.get(2))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** One group of the list, as a document of its own. */
  private Optional<JsonNode> group(String name) {
    for (JsonNode group : documents.apiGroups().path("groups")) {
      if (group.path("name").asText().equals(name)) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIGroup").put("apiVersion", "v1");
        return Optional.of(document.setAll((ObjectNode) group));
      }
    }
    return Optional.empty();
  }

  private void groups(Request request, String root) {
    boolean core = root.equals("api");
    Optional<String> aggregated = AcceptHeader.aggregatedDiscovery(request.header(Headers.ACCEPT));
    request.exchange().getResponseHeaders().put(Headers.VARY, "Accept");
    if (aggregated.isEmpty()) {
      send(request, core ? documents.apiVersions() : documents.apiGroups());
      return;
    }
    JsonNode document = core ? documents.aggregatedCore() : documents.aggregatedGroups();
    String type =
        "application/json;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList"
            .formatted(aggregated.get());
    sendTagged(request, type, JsonText.write(document, Format.JSON, false));
  }

  private void openApi(Request request, List<String> segments) {
    String path = String.join("/", segments.subList(1, segments.size()));
    if (path.equals("v2")) {
      sendTagged(request, "application/json", JsonText.compact(openApi.v2()));
    } else if (path.equals("v3")) {
      sendTagged(request, "application/json", JsonText.compact(openApi.index()));
    } else if (path.startsWith("v3/")) {
      openApi
          .document(path.substring("v3/".length()))
          .ifPresentOrElse(
              found -> sendTagged(request, "application/json", JsonText.compact(found)),
              () -> notFound(request));
    } else {
      notFound(request);
    }
  }

  private JsonNode index() {
    List<String> paths = new ArrayList<>(List.of("/api", "/api/v1", "/apis"));
    for (JsonNode group : documents.apiGroups().path("groups")) {
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
  private static void sendTagged(Request request, String type, byte[] body) {
    String tag = "\"" + hash(body) + "\"";
    request.exchange().getResponseHeaders().put(Headers.ETAG, tag);
    if (request.header(Headers.IF_NONE_MATCH).contains(tag)) {
      Responder.sendNothing(request.exchange(), StatusCodes.NOT_MODIFIED);
    } else {
      Responder.sendBytes(request.exchange(), StatusCodes.OK, type, body);
    }
  }

  private static void notFound(Request request) {
    Responder.sendText(request.exchange(), StatusCodes.NOT_FOUND, "404 page not found\n");
  }

  /** SHA-512 in upper-case hex, the form of tags and of links into OpenAPI documents. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no SHA-512", e);
    }
  }
}
