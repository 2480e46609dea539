package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.access.AuthorizationMode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays over HTTPS, in their order, the recorded conversations that need authentication, raw
 * bodies or answers outside the resources.
 *
 * <p>Of the hundred conversations, five are replayed neither here nor in {@code
 * RecordedAnswersTest}, each for a reason; the contract of the test kit holds what they show:
 *
 * <ul>
 *   <li>"list limit": one page of nineteen pods that controllers and kubelets of the recorded
 *       cluster had made.
 *   <li>"watch initial events": the recording ends in the middle of the first event.
 *   <li>"not acceptable": the message lists protobuf among what the original answers in; this
 *       server answers in JSON and YAML.
 *   <li>"pod immutable": the message ends in a difference between two values as Go prints them.
 *   <li>"pod delete grace": most of the answer is the status that a kubelet had written.
 * </ul>
 */
@DisplayName("Answers over HTTPS are those of the recorded server")
class RecordedConversationsTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private static EmbeddedCluster cluster;
  private static HttpClient client;

  @BeforeAll
  static void prepare() throws Exception {
    cluster = EmbeddedCluster.builder().nodes(0).authorization(AuthorizationMode.RBAC).start();
    client =
        HttpClient.newBuilder()
            .sslContext(cluster.pki().clientContext(cluster.pki().admin()))
            .build();
    create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"errs\"}}");
    create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"shop\"}}");
    String errs = "/api/v1/namespaces/errs/";
    create(errs + "serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    create(
        errs + "configmaps", "{\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\",\"p\":\"q\"}}");
    create(
        errs + "configmaps",
        "{\"metadata\":{\"name\":\"kube-root-ca.crt\",\"annotations\":{\"kubernetes.io/description\""
            + ":\"Contains a CA bundle that can be used to verify the kube-apiserver when using"
            + " internal endpoints such as the internal service IP or kubernetes.default.svc. No"
            + " other usage is guaranteed across distributions of Kubernetes clusters.\"}}}");
    String shop = "/api/v1/namespaces/shop/";
    create(shop + "serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    create(
        shop + "pods",
        "{\"metadata\":{\"name\":\"web-66fd874bff-9fqrs\"},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
  }

  private static void create(String path, String body) throws Exception {
    HttpResponse<String> answer = send("POST", path, body, "application/json", "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @TestFactory
  Collection<DynamicTest> answersAsRecorded() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode conversation : load()) {
      tests.add(
          DynamicTest.dynamicTest(conversation.path("case").asText(), () -> replay(conversation)));
    }
    return tests;
  }

  private static JsonNode load() throws IOException {
    try (InputStream file =
        RecordedConversationsTest.class.getResourceAsStream("recorded-over-https.json")) {
      return JSON.readTree(file);
    }
  }

  private static void replay(JsonNode conversation) throws Exception {
    JsonNode body = conversation.path("body");
    HttpResponse<String> answer =
        send(
            conversation.path("method").asText(),
            conversation.path("path").asText(),
            body.isMissingNode() ? "" : body.isTextual() ? body.asText() : body.toString(),
            conversation.path("contentType").asText(""),
            conversation.path("as").asText(""));
    assertThat(answer.statusCode())
        .as(answer.body())
        .isEqualTo(conversation.path("status").asInt());
    JsonNode expected = conversation.path("answer");
    if (expected.isTextual()) {
      assertThat(answer.body()).isEqualTo(expected.asText());
    } else {
      boolean owners = expected.path("metadata").has("managedFields");
      assertThat(masked(JSON.readTree(answer.body()), owners)).isEqualTo(masked(expected, owners));
    }
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String contentType, String user) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(cluster.url().resolve(path))
            .header("Accept", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    if (!user.isEmpty()) {
      request.header("Impersonate-User", user);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * Without what differs from run to run.
   *
   * @param owners whether managedFields were recorded
   */
  private static String masked(JsonNode answer, boolean owners) throws IOException {
    ObjectNode copy = answer.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(List.of("uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"));
      if (!owners) {
        metadata.remove("managedFields");
      }
    }
    if (copy.path("status").has("token")) {
      ((ObjectNode) copy.path("status")).put("token", "<jwt>").put("expirationTimestamp", "<time>");
    }
    return JSON.writeValueAsString(JSON.treeToValue(copy, Object.class))
        .replaceAll("\"time\":\"[^\"]*\"", "\"time\":\"\"")
        .replaceAll("kube-api-access-[a-z0-9]{5}", "kube-api-access-<id>")
        .replaceAll("X509SHA256=[0-9a-f]{64}", "X509SHA256=<hash>");
  }
}
