package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiAnswer;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpContractTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String PODS = "/api/v1/namespaces/shop/pods";

  private final HttpTestServer server;
  private final HttpClient admin;

  HttpContractTest() throws Exception {
    server = new HttpTestServer();
    admin = server.admin(Version.HTTP_2);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void answersOverBothVersionsOfHttp(Version version) throws Exception {
    HttpResponse<String> response = server.get(server.admin(version), PODS + "/web-0");

    assertThat(response.version()).isEqualTo(version);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/metadata/name").asText()).isEqualTo("web-0");
  }

  @Test
  void sendsTheHeadersThatClientsExpect() throws Exception {
    server.backend.answer =
        request -> new ApiAnswer(201, ScriptedBackend.pod("shop", "a"), List.of("say \"no\"\n"));
    HttpResponse<String> response = server.send(admin, "POST", PODS, "{}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-cache, private");
    assertThat(header(response, "Audit-Id")).matches("[0-9a-f-]{36}");
    assertThat(header(response, "Warning")).isEqualTo("299 - \"say \\\"no\\\"\"");
  }

  @Test
  void turnsUrlsIntoRequests() throws Exception {
    server.send(
        admin,
        "PATCH",
        "/apis/apps/v1/namespaces/shop/deployments/web/scale?fieldManager=a+b&x=%2C&x",
        "{\"spec\":{\"replicas\":3}}",
        "Content-Type",
        "application/merge-patch+json; charset=utf-8");

    ApiRequest request = server.backend.requests.take();
    assertThat(request.verb()).isEqualTo(Verb.PATCH);
    assertThat(request.group()).isEqualTo("apps");
    assertThat(request.namespace()).isEqualTo("shop");
    assertThat(request.resource()).isEqualTo("deployments");
    assertThat(request.name()).isEqualTo("web");
    assertThat(request.subresource()).isEqualTo("scale");
    assertThat(request.parameter("fieldManager")).isEqualTo("a b");
    assertThat(request.query().get("x")).containsExactly(",", "");
    assertThat(request.contentType()).isEqualTo("application/merge-patch+json");
    assertThat(request.body()).isNotNull();
    assertThat(request.user().name()).isEqualTo("admin");
    assertThat(request.user().groups()).containsExactly("system:masters", "system:authenticated");
  }

  @Test
  void readsYamlBodiesAndWritesYamlAnswers() throws Exception {
    HttpResponse<String> response =
        server.send(
            admin,
            "POST",
            PODS,
            "metadata:\n  name: a\n",
            "Content-Type",
            "application/yaml",
            "Accept",
            "application/yaml");

    JsonNode body = server.backend.requests.take().body();
    assertThat(body).isNotNull();
    assertThat(body.at("/metadata/name").asText()).isEqualTo("a");
    assertThat(header(response, "Content-Type")).isEqualTo("application/yaml");
    assertThat(response.body()).startsWith("kind: Pod\n");
  }

  @Test
  void indentsForPeople() throws Exception {
    assertThat(server.get(admin, PODS + "/a?pretty=true").body())
        .isEqualTo(
            """
            {
              "kind": "Pod",
              "apiVersion": "v1",
              "metadata": {
                "name": "a",
                "namespace": "shop"
              }
            }
            """);
    assertThat(server.get(admin, PODS + "/a", "User-Agent", "curl/8.1").body()).contains("\n  ");
    assertThat(server.get(admin, PODS + "/a?pretty=0", "User-Agent", "curl/8.1").body())
        .doesNotContain("\n  ");
  }

  @Test
  void compressesLongAnswersOnlyAndOnlyWhenAsked() throws Exception {
    server.backend.answer = request -> ApiAnswer.of(200, longList());

    HttpResponse<byte[]> packed =
        admin.send(
            HttpRequest.newBuilder(server.uri(PODS)).header("Accept-Encoding", "gzip").build(),
            BodyHandlers.ofByteArray());
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(packed.headers().firstValue("Vary")).contains("Accept-Encoding");
    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertThat(MAPPER.readTree(unpacked)).isEqualTo(longList());
    }
    assertThat(server.get(admin, PODS).headers().firstValue("Content-Encoding")).isEmpty();

    server.backend.answer = request -> ApiAnswer.of(200, ScriptedBackend.pod("shop", "a"));
    assertThat(
            server
                .get(admin, PODS + "/a", "Accept-Encoding", "gzip")
                .headers()
                .firstValue("Content-Encoding"))
        .isEmpty();
  }

  @Test
  void reducesObjectsToTablesAndMetadata() throws Exception {
    String table =
        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
    assertThat(json(server.get(admin, PODS, "Accept", table)).path("apiVersion").asText())
        .isEqualTo("meta.k8s.io/v1");
    assertThat(
            json(server.get(admin, PODS + "?includeObject=Object", "Accept", table))
                .at("/rows/0/object/kind")
                .asText())
        .isEqualTo("Pod");
    HttpResponse<String> unknown = server.get(admin, PODS + "?includeObject=x", "Accept", table);
    assertThat(unknown.statusCode()).isEqualTo(400);
    JsonNode partial =
        json(
            server.get(
                admin,
                PODS + "/a",
                "Accept",
                "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1beta1"));
    assertThat(partial.path("kind").asText()).isEqualTo("PartialObjectMetadata");
    assertThat(partial.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1beta1");
  }

  @Test
  void keepsRefusalsWholeWhenATableIsWanted() throws Exception {
    server.backend.answer =
        request -> ApiAnswer.of(200, MAPPER.createObjectNode().put("kind", "Status"));
    HttpResponse<String> response =
        server.get(admin, PODS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");

    assertThat(json(response).path("kind").asText()).isEqualTo("Status");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/shop/foos, 404, the server could not find the requested resource",
    "GET, /api/v1/namespaces/shop/configmaps/x/status, 404, the server could not find the requested resource",
    "GET, /api/v1/namespaces/shop/nodes, 404, the server could not find the requested resource",
    "GET, /api/v1/namespaces/shop/pods/a/b/c, 404, the server could not find the requested resource",
    "GET, /api/v1//pods, 404, the server could not find the requested resource",
    "GET, /apis/authentication.k8s.io/v1/tokenreviews/x, 404, the server could not find the requested resource",
    "GET, /api/v1/pods/x, 404, the server could not find the requested resource",
    "POST, /api/v1/pods, 405, the server does not allow this method on the requested resource",
    "PUT, /api/v1/namespaces/shop/pods, 405, the server does not allow this method on the requested resource",
    "POST, /api/v1/namespaces/shop/pods/x, 405, the server does not allow this method on the requested resource",
    "DELETE, /api/v1/namespaces, 405, the server does not allow this method on the requested resource",
    "OPTIONS, /api/v1/namespaces, 405, the server does not allow this method on the requested resource",
    "POST, /version, 405, the server does not allow this method on the requested resource",
    "GET, /api/v1/namespaces/%ff/pods, 400, 'invalid URL escape in \"%ff\": not UTF-8'"
  })
  void refusesWhatIsNotServed(String method, String path, int code, String message)
      throws Exception {
    try (ApiServer resources = ApiServer.builder().build();
        HttpTestServer real = new HttpTestServer(resources)) {
      // The client library would refuse to send bad escapes, so they go over a plain connection.
      RawResponse response = RawResponse.of(real, method + " " + path, "");

      assertThat(response.code()).as(response.head()).isEqualTo(code);
      JsonNode status = MAPPER.readTree(response.body());
      assertThat(status.path("kind").asText()).isEqualTo("Status");
      assertThat(status.path("code").asInt()).isEqualTo(code);
      assertThat(status.path("message").asText()).isEqualTo(message);
    }
  }

  @Test
  void refusesWhatIsNoRequestWithoutAPage() throws Exception {
    for (String line : List.of("GET /api/v1/%zz", "GET /api?a=%e", "GET /api/<x>", "GET x")) {
      RawResponse response = RawResponse.of(server, line, "");
      assertThat(response.code()).as(line).isBetween(400, 499);
      assertThat(response.body()).as(line).doesNotContainIgnoringCase("<html");
    }
  }

  @Test
  void refusesAnAnnouncedLargeBodyBeforeItIsSent() throws Exception {
    String head =
        "POST " + PODS + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4000000";
    RawResponse response = RawResponse.of(server, (head + "\r\n\r\n").getBytes(UTF_8));

    assertThat(response.code()).isEqualTo(413);
  }

  @Test
  void answersUnknownGroupsInPlainText() throws Exception {
    HttpResponse<String> response = server.get(admin, "/apis/nope.io/v1/foos");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.body()).isEqualTo("404 page not found\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"metadata\": | application/json | 400 | the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({\"metadata\":)",
        "x | application/xml | 415 | the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        "x | application/vnd.kubernetes.protobuf | 400 | the object provided is unrecognized (must be of type ConfigMap): protobuf parse error: provided data does not appear to be a protobuf message"
      })
  void refusesBodiesItCannotRead(String body, String type, int code, String message)
      throws Exception {
    HttpResponse<String> response =
        server.send(
            admin, "POST", "/api/v1/namespaces/shop/configmaps", body, "Content-Type", type);

    assertThat(response.statusCode()).isEqualTo(code);
    assertThat(json(response).path("message").asText()).isEqualTo(message);
  }

  @Test
  void refusesPatchesInAnUnknownFormat() throws Exception {
    HttpResponse<String> response =
        server.send(admin, "PATCH", PODS + "/a", "{}", "Content-Type", "application/json");

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(json(response).path("message").asText()).isEqualTo("415: Unsupported Media Type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/vnd.kubernetes.protobuf | 406",
        "text/html | 406",
        "application/json;as=Nonsense;g=meta.k8s.io;v=v1 | 406",
        "application/vnd.kubernetes.protobuf,application/json | 200",
        "application/vnd.kubernetes.protobuf,*/* | 200",
        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8 | 200",
        "application/* | 200"
      })
  void answersInJsonWheneverTheClientTakesIt(String accept, int code) throws Exception {
    HttpResponse<String> response = server.get(admin, PODS, "Accept", accept);

    assertThat(response.statusCode()).isEqualTo(code);
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void refusesBodiesOverThreeMebibytes(Version version) throws Exception {
    String body = "x".repeat(BodyReader.LIMIT + 1);
    HttpResponse<String> response = server.send(server.admin(version), "POST", PODS, body);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(json(response).path("reason").asText()).isEqualTo("RequestEntityTooLarge");
    assertThat(json(response).path("message").asText())
        .isEqualTo("Request entity too large: limit is 3145728");
  }

  @Test
  void blamesItselfForWhatItDidNotExpect() throws Exception {
    server.backend.answer =
        request -> {
          throw new IllegalStateException("out of luck");
        };
    HttpResponse<String> response = server.get(admin, PODS);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(json(response).path("reason").asText()).isEqualTo("InternalError");
    assertThat(json(response).path("message").asText())
        .isEqualTo("Internal error occurred: out of luck");
  }

  @Test
  void letsAnonymousUsersSeeHealthAndVersionOnly() throws Exception {
    HttpClient anonymous = server.anonymous();

    for (String path : List.of("/healthz", "/livez", "/readyz", "/livez/ping")) {
      assertThat(server.get(anonymous, path).body()).as(path).isEqualTo("ok");
    }
    assertThat(server.get(anonymous, "/version").statusCode()).isEqualTo(200);
    HttpResponse<String> api = server.get(anonymous, "/api");
    assertThat(api.statusCode()).isEqualTo(403);
    assertThat(json(api).path("message").asText())
        .isEqualTo("forbidden: User \"system:anonymous\" cannot get path \"/api\"");
    HttpResponse<String> pods = server.get(anonymous, "/api/v1/namespaces/default/pods");
    assertThat(pods.statusCode()).isEqualTo(403);
    assertThat(json(pods).path("message").asText())
        .isEqualTo(
            "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API"
                + " group \"\" in the namespace \"default\"");
    assertThat(json(pods).at("/details/kind").asText()).isEqualTo("pods");
  }

  @Test
  void refusesCredentialsThatDoNotHold() throws Exception {
    HttpResponse<String> token =
        server.get(server.anonymous(), "/version", "Authorization", "Bearer abc");
    assertThat(token.statusCode()).isEqualTo(401);
    assertThat(json(token).path("message").asText()).isEqualTo("Unauthorized");

    Pki other = Pki.inMemory(Clock.systemUTC(), List.of("localhost"));
    HttpClient stranger =
        HttpTestServer.client(server.pki.clientContext(other.admin()), HttpClient.Version.HTTP_1_1);
    assertThat(server.get(stranger, "/version").statusCode()).isEqualTo(401);
  }

  @Test
  void letsUsersWithoutPowersReadDiscovery() throws Exception {
    HttpClient jane = server.user("jane", "dev");

    assertThat(server.get(jane, "/apis").statusCode()).isEqualTo(200);
    assertThat(server.get(jane, "/api/v1").statusCode()).isEqualTo(200);
    HttpResponse<String> deletion = server.send(jane, "DELETE", PODS + "/p", "");
    assertThat(json(deletion).path("message").asText())
        .isEqualTo(
            "pods \"p\" is forbidden: User \"jane\" cannot delete resource \"pods\" in API group"
                + " \"\" in the namespace \"shop\"");
  }

  @Test
  void letsComponentsOfTheClusterWork() throws Exception {
    HttpClient manager =
        HttpTestServer.client(
            server.pki.clientContext(server.pki.controllerManager()), Version.HTTP_2);

    assertThat(server.get(manager, PODS).statusCode()).isEqualTo(200);
    assertThat(server.get(server.user("system:node:n", "system:nodes"), PODS).statusCode())
        .isEqualTo(200);
  }

  @Test
  void actsInTheNameOfOthersForAdministrators() throws Exception {
    HttpResponse<String> secrets =
        server.get(admin, "/api/v1/secrets", "Impersonate-User", "alice");
    assertThat(json(secrets).path("message").asText())
        .isEqualTo(
            "secrets is forbidden: User \"alice\" cannot list resource \"secrets\" in API group"
                + " \"\" at the cluster scope");
    assertThat(
            server
                .get(
                    admin,
                    PODS,
                    "Impersonate-User",
                    "bob",
                    "Impersonate-Group",
                    "system:masters",
                    "Impersonate-Extra-Team",
                    "red")
                .statusCode())
        .isEqualTo(200);
    ApiRequest request = server.backend.requests.take();
    assertThat(request.user().name()).isEqualTo("bob");
    assertThat(request.user().extra()).containsEntry("team", List.of("red"));

    HttpResponse<String> refused =
        server.get(server.user("jane"), "/version", "Impersonate-User", "admin");
    assertThat(json(refused).path("message").asText())
        .isEqualTo(
            "users \"admin\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in"
                + " API group \"\" at the cluster scope");
  }

  @Test
  void reportsHealthInDetail() throws Exception {
    assertThat(server.get(admin, "/livez?verbose").body())
        .isEqualTo("[+]ping ok\nlivez check passed\n");
    assertThat(server.get(admin, "/readyz?verbose").body())
        .isEqualTo("[+]ping ok\n[+]nodes ok\nreadyz check passed\n");

    server.ready.set(false);
    HttpResponse<String> unready = server.get(admin, "/readyz");
    assertThat(unready.statusCode()).isEqualTo(500);
    assertThat(unready.body()).isEqualTo("[+]ping ok\n[-]nodes failed\nreadyz check failed\n");
    assertThat(server.get(admin, "/readyz?exclude=nodes").body()).isEqualTo("ok");
    assertThat(server.get(admin, "/readyz/nodes").statusCode()).isEqualTo(500);
    assertThat(server.get(admin, "/livez").body()).isEqualTo("ok");
    assertThat(server.get(admin, "/livez/nodes").statusCode()).isEqualTo(404);
  }

  @Test
  void servesDiscoveryInBothForms() throws Exception {
    assertThat(json(server.get(admin, "/api")).path("kind").asText()).isEqualTo("APIVersions");
    assertThat(json(server.get(admin, "/apis/apps")).path("kind").asText()).isEqualTo("APIGroup");
    assertThat(server.get(admin, "/apis/none").statusCode()).isEqualTo(404);
    assertThat(json(server.get(admin, "/")).path("paths").toString()).contains("\"/apis/apps/v1\"");

    String accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    HttpResponse<String> aggregated = server.get(admin, "/apis", "Accept", accept);
    assertThat(header(aggregated, "Content-Type"))
        .isEqualTo("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    String tag = header(aggregated, "ETag");
    HttpResponse<String> again = server.get(admin, "/apis", "Accept", accept, "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void servesOpenApiThatLeavesValidationToTheServer() throws Exception {
    JsonNode index = json(server.get(admin, "/openapi/v3"));
    String url = index.at("/paths/apis~1apps~1v1/serverRelativeURL").asText();
    assertThat(url).matches("/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]+");

    JsonNode document = json(server.get(admin, url));
    JsonNode patch =
        document.at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}/patch");
    assertThat(patch.path("x-kubernetes-group-version-kind").path("kind").asText())
        .isEqualTo("Deployment");
    assertThat(patch.path("parameters").findValuesAsText("name")).contains("fieldValidation");
    assertThat(json(server.get(admin, "/openapi/v2")).path("swagger").asText()).isEqualTo("2.0");
    assertThat(server.get(admin, "/openapi/v3/apis/none/v1").statusCode()).isEqualTo(404);
  }

  private static ObjectNode longList() {
    ObjectNode list = MAPPER.createObjectNode();
    ArrayNode items = list.putArray("items");
    for (int i = 0; i < 3000; i++) {
      items.add(ScriptedBackend.pod("shop", "pod-" + i));
    }
    return list;
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return MAPPER.readTree(response.body());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
