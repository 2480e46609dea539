package dev.kcm.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.pki.ClientCertificates;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/** A running server over a scripted backend, with clients of several users. */
final class HttpTestServer implements AutoCloseable {

  static final int WATCH_LIMIT = 100;

  final Pki pki = Pki.inMemory(Clock.systemUTC(), List.of("127.0.0.1", "localhost"));
  final ScriptedBackend backend = new ScriptedBackend();
  final AtomicBoolean ready = new AtomicBoolean(true);
  private final ApiHttpServer server;

  HttpTestServer() {
    Authentication authentication =
        new Authentication(ClientCertificates.signedBy(pki.ca().certificate()), Clock.systemUTC());
    server =
        ApiHttpServer.start(
            "127.0.0.1",
            0,
            pki,
            new RequestHandler(
                new Access(authentication, new ClusterIdentities()),
                new ResourceHandler(backend, new TinyViews(), WATCH_LIMIT),
                new DocumentHandler(
                    new TinyDocuments(),
                    new OpenApi(backend::kinds),
                    new HealthHandler(ready::get))));
  }

  URI uri(String pathAndQuery) {
    return URI.create(server.url() + pathAndQuery);
  }

  HttpClient admin(HttpClient.Version version) {
    return client(pki.clientContext(pki.admin()), version);
  }

  HttpClient user(String name, String... groups) {
    return client(pki.clientContext(pki.client(name, List.of(groups))), HttpClient.Version.HTTP_2);
  }

  HttpClient anonymous() {
    return client(pki.anonymousContext(), HttpClient.Version.HTTP_2);
  }

  static HttpClient client(SSLContext tls, HttpClient.Version version) {
    return HttpClient.newBuilder()
        .sslContext(tls)
        .version(version)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  HttpResponse<String> get(HttpClient client, String path, String... headers) throws Exception {
    return send(client, "GET", path, "", headers);
  }

  HttpResponse<String> send(
      HttpClient client, String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
  }

  private static final class TinyViews implements Views {

    @Override
    public JsonNode table(Kind kind, JsonNode objectOrList, String includeObject) {
      ObjectNode table = JsonNodeFactory.instance.objectNode();
      table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
      table.putArray("columnDefinitions").addObject().put("name", includeObject);
      table.putArray("rows").addObject().putArray("cells").add(name(objectOrList));
      return table;
    }

    @Override
    public JsonNode partial(JsonNode objectOrList) {
      ObjectNode partial = JsonNodeFactory.instance.objectNode();
      partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", objectOrList.path("metadata"));
      return partial;
    }

    private static String name(JsonNode object) {
      return object.path("metadata").path("name").asText();
    }
  }

  private static final class TinyDocuments implements Documents {

    private static ObjectNode document(String kind) {
      return JsonNodeFactory.instance.objectNode().put("kind", kind);
    }

    @Override
    public JsonNode version() {
      return JsonNodeFactory.instance.objectNode().put("gitVersion", "v1.34.0");
    }

    @Override
    public JsonNode apiVersions() {
      return document("APIVersions");
    }

    @Override
    public JsonNode apiGroups() {
      ObjectNode list = document("APIGroupList");
      ObjectNode group = list.putArray("groups").addObject().put("name", "apps");
      group.putArray("versions").addObject().put("groupVersion", "apps/v1");
      return list;
    }

    @Override
    public Optional<JsonNode> resources(String group, String version) {
      return version.equals("v1") ? Optional.of(document("APIResourceList")) : Optional.empty();
    }

    @Override
    public JsonNode aggregatedCore() {
      return document("APIGroupDiscoveryList");
    }

    @Override
    public JsonNode aggregatedGroups() {
      return document("APIGroupDiscoveryList");
    }
  }
}
