package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OpenApiTest {

  private final OpenApi openApi = OpenApi.of(KindTable.standard());

  static Stream<Kind> kinds() {
    return KindTable.standard().all().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tellsThatWritesCheckFields(Kind kind) {
    JsonNode document = openApi.v3(kind.group(), kind.version()).orElseThrow();
    List<JsonNode> patches = new ArrayList<>();
    for (JsonNode path : document.path("paths")) {
      JsonNode patch = path.path("patch");
      if (patch.at("/x-kubernetes-group-version-kind/kind").asText().equals(kind.kind())) {
        patches.add(patch);
      }
    }
    assertThat(patches).hasSize(kind.verbs().contains("patch") ? 1 : 0);
    assertThat(patches)
        .allSatisfy(
            patch ->
                assertThat(patch.path("parameters"))
                    .extracting(parameter -> parameter.path("name").asText())
                    .contains("fieldValidation"));
  }

  @Test
  void everyReferenceLeadsToASchema() {
    for (JsonNode entry : openApi.v3Index().path("paths")) {
      String url = entry.path("serverRelativeURL").asText();
      String path = url.substring("/openapi/v3/".length(), url.indexOf('?'));
      List<String> parts = List.of(path.split("/", -1));
      JsonNode document =
          openApi
              .v3(parts.size() == 2 ? "" : parts.get(1), parts.get(parts.size() - 1))
              .orElseThrow();
      checkReferences(document, document);
    }
    JsonNode v2 = openApi.v2();
    checkReferences(v2, v2);
  }

  private static void checkReferences(JsonNode document, JsonNode node) {
    if (node.path("$ref").isTextual()) {
      String reference = node.path("$ref").asText();
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    node.forEach(child -> checkReferences(document, child));
  }

  @Test
  void describesTheTypeOfAKind() {
    JsonNode schemas = openApi.v3("apps", "v1").orElseThrow().at("/components/schemas");
    JsonNode deployment = schemas.path("io.k8s.api.apps.v1.Deployment");
    assertThat(deployment.at("/x-kubernetes-group-version-kind/0/kind").asText())
        .isEqualTo("Deployment");
    assertThat(deployment.at("/properties/spec/$ref").asText())
        .isEqualTo("#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec");
    assertThat(schemas.has("io.k8s.api.apps.v1.DeploymentList")).isTrue();
    JsonNode containers =
        schemas.path("io.k8s.api.core.v1.PodSpec").path("properties").path("containers");
    assertThat(containers.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("name");
    assertThat(containers.path("x-kubernetes-list-type").asText()).isEqualTo("map");
    assertThat(schemas.path("io.k8s.api.core.v1.PodSpec").path("required").path(0).asText())
        .isEqualTo("containers");
  }

  @Test
  void answersNothingForWhatIsNotServed() {
    assertThat(openApi.v3("apps", "v2")).isEmpty();
  }

  @Test
  void describesKindsOfDefinitionsByTheirSchemas() throws JsonProcessingException {
    try (ApiServer server = ApiServer.builder().build()) {
      server.ensure(
          (ObjectNode)
              JsonMapper.builder()
                  .build()
                  .readTree(
                      "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":"
                          + "\"CustomResourceDefinition\",\"metadata\":{\"name\":"
                          + "\"things.example.com\"},\"spec\":{\"group\":\"example.com\","
                          + "\"scope\":\"Cluster\",\"names\":{\"plural\":\"things\",\"kind\":"
                          + "\"Thing\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":"
                          + "true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\","
                          + "\"properties\":{\"spec\":{\"type\":\"string\"}}}}}]}}"));
      OpenApi documents = OpenApi.of(server.kinds());
      JsonNode schemas =
          documents.v3("example.com", "v1").orElseThrow().path("components").path("schemas");
      JsonNode thing = schemas.path("com.example.v1.Thing");
      assertThat(thing.at("/properties/spec/type").asText()).isEqualTo("string");
      String meta = thing.at("/properties/metadata/$ref").asText();
      assertThat(schemas.has(meta.substring(meta.lastIndexOf('/') + 1))).isTrue();
      assertThat(thing.at("/x-kubernetes-group-version-kind/0/kind").asText()).isEqualTo("Thing");
      assertThat(documents.v2().path("definitions").has("com.example.v1.Thing")).isTrue();
    }
  }
}
