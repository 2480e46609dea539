package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays conversations with a real server, in their order, and compares the answers. */
@DisplayName("Answers are those of the recorded server")
class RecordedAnswersTest {

  /** What differs from run to run. */
  private static final Set<String> OWN = Set.of("uid", "resourceVersion", "creationTimestamp");

  private static Cluster cluster;

  @BeforeAll
  static void prepare() {
    cluster = new Cluster();
    for (String name : List.of("errs", "shop", "doomed")) {
      cluster.post("/api/v1/namespaces", "{metadata:{name:'" + name + "'}}");
    }
    cluster.delete("/api/v1/namespaces/doomed");
    cluster.post("/api/v1/namespaces/errs/configmaps", FINALIZED);
    cluster.post(
        "/api/v1/namespaces/errs/pods",
        "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}");
    cluster.post("/api/v1/namespaces/errs/configmaps", "{metadata:{name:'fg'}}");
    cluster.post(
        "/api/v1/namespaces/shop/replicationcontrollers",
        "{metadata:{name:'nginx-rc'},spec:{replicas:2,template:{metadata:{labels:{name:'myservice'"
            + "}},spec:{containers:[{name:'c',image:'i'}]}}}}");
    cluster.patch(
        "/api/v1/namespaces/shop/replicationcontrollers/nginx-rc/status", "{status:{replicas:2}}");
  }

  private static final String FINALIZED = "{metadata:{name:'fin',finalizers:['example.com/x']}}";

  @AfterAll
  static void close() {
    cluster.close();
  }

  @TestFactory
  Collection<DynamicTest> answersAsRecorded() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode conversation : load()) {
      String title = conversation.path("case").asText() + " " + conversation.path("path").asText();
      tests.add(DynamicTest.dynamicTest(title, () -> replay(conversation)));
    }
    return tests;
  }

  private static JsonNode load() throws IOException {
    try (InputStream file =
        RecordedAnswersTest.class.getResourceAsStream("recorded-requests.json")) {
      return JsonMapper.builder().build().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void replay(JsonNode conversation) {
    JsonNode expected = conversation.path("answer");
    ApiAnswer answer = send(conversation);
    assertThat(answer.code())
        .as("%s", answer.body())
        .isEqualTo(conversation.path("status").asInt());
    if (expected.path("kind").asText().equals("Status")) {
      assertThat(comparable(answer.body())).isEqualTo(comparable(expected));
    } else {
      assertThat(shape(answer.body())).isEqualTo(shape(expected));
    }
    if (conversation.has("warning")) {
      assertThat(answer.warnings()).containsExactly("unknown field \"dat\"");
    }
  }

  private static ApiAnswer send(JsonNode conversation) {
    String method = conversation.path("method").asText();
    String path = conversation.path("path").asText();
    JsonNode body = conversation.get("body");
    ApiRequest request =
        Cluster.request(method, path, body, conversation.path("contentType").asText(""));
    try {
      if (request.verb() == ApiRequest.Verb.WATCH) {
        cluster.server.watch(request, new Cluster.Recorder());
      }
      return cluster.server.handle(request);
    } catch (StatusException e) {
      return ApiAnswer.of(e.code(), e.status());
    }
  }

  /** A Status, with what differs from run to run masked. */
  private static String comparable(JsonNode status) {
    ObjectNode copy = status.deepCopy();
    if (copy.path("details").isObject()) {
      ((ObjectNode) copy.path("details")).remove("uid");
    }
    return sorted(copy)
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>")
        .replaceAll("in record \\([0-9]+\\)", "in record (<version>)")
        .replaceAll("current: [0-9]+", "current: <version>");
  }

  /** An object, with what differs from run to run, or comes from other components, left out. */
  private static String shape(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    ObjectNode metadata = Meta.of(copy);
    boolean generated = metadata.has("generateName");
    OWN.forEach(metadata::remove);
    metadata.remove("deletionTimestamp");
    if (generated) {
      metadata.remove("name");
    }
    return sorted(copy);
  }

  private static String sorted(JsonNode node) {
    try {
      JsonMapper mapper =
          JsonMapper.builder()
              .enable(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
              .build();
      return mapper.writeValueAsString(mapper.treeToValue(node, Object.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
