package dev.kcm.embedded.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kcm.embedded.resource.ApiServer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random requests that make no sense, by seed. */
class MalformedRequestsTest {

  private static final int CONNECTIONS = 60;
  private static final long SEED = 20261121L;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectMapper YAML = new YAMLMapper();

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "FOO");

  private static final List<String> SEGMENTS =
      List.of(
          "api",
          "apis",
          "v1",
          "v2",
          "apps",
          "namespaces",
          "default",
          "pods",
          "nodes",
          "watch",
          "configmaps",
          "status",
          "scale",
          "eviction",
          "binding",
          "%2e%2e",
          "..",
          "%00",
          "%ff",
          "%zz",
          "",
          "a b",
          "\u00e9",
          "x;y=z",
          "~",
          "openapi",
          "v3",
          "healthz",
          "finalize");

  private static final List<String> PARAMETERS =
      List.of(
          "limit=-1",
          "limit=x",
          "limit=99999999999999999999",
          "continue=%7B",
          "watch=maybe",
          "resourceVersion=-5",
          "resourceVersion=abc",
          "labelSelector=a%3D%3D%3D",
          "fieldSelector=%5C",
          "fieldSelector=spec.x%3Dy",
          "timeoutSeconds=x",
          "timeoutSeconds=1",
          "pretty",
          "=",
          "&&",
          "dryRun=x",
          "fieldValidation=Nope",
          "resourceVersionMatch=Exact",
          "sendInitialEvents=true",
          "propagationPolicy=None",
          "gracePeriodSeconds=-1",
          "fieldManager=%0a",
          "force=true",
          "includeObject=?");

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/yaml",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml",
          "text/html",
          "",
          ";;;",
          "application/json; charset=\"");

  private static final List<String> BODIES =
      List.of(
          "",
          "{",
          "[]",
          "null",
          "5",
          "\"x\"",
          "{}",
          "[{\"op\":\"add\"}]",
          "{\"metadata\":5}",
          "{\"metadata\":{\"name\":[]}}",
          "{\"kind\":{}}",
          "{\"spec\":null,\"status\":[1,2]}",
          "a: [",
          "- {",
          "&a [*a]",
          "\u0000",
          "{\"metadata\":{\"name\":\"x\"}}",
          "<x/>",
          "{\"a\":1e999999999}",
          "{\"metadata\":{\"labels\":{\"a\":{}}}}",
          "[".repeat(5000));

  private static final List<String> ACCEPTS =
      List.of(
          "application/json",
          "*/*",
          "text/html",
          ",,,",
          ";q=",
          "application/json;as=Table",
          "application/json;as=Table;v=v1;g=meta.k8s.io",
          "application/yaml;q=0.5,*/*;q=x",
          "application/yaml",
          "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");

  @Test
  void areAnsweredWithAStatusAndNeverBlamedOnTheServer() throws Exception {
    try (ApiServer resources = ApiServer.builder().build();
        HttpTestServer server = new HttpTestServer(resources)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        Random random = new Random(SEED + i);
        String request = request(random);
        RawResponse response = RawResponse.of(server, request.getBytes(ISO_8859_1));
        String about = "seed " + (SEED + i) + ": " + request + "\n" + response;
        assertThat(response.code()).as(about).isBetween(200, 499);
        assertThat(response.body()).as(about).doesNotContainIgnoringCase("<html");
        if (response.code() == 400) {
          assertThat(response.head()).as(about).containsAnyOf("application/json", "yaml");
        }
        boolean noPage = response.code() == 404 && response.body().equals("404 page not found\n");
        if (response.code() >= 400 && !request.startsWith("HEAD") && !noPage) {
          assertThat(kind(response)).as(about).isEqualTo("Status");
        }
      }
    }
  }

  /** The kind in the body, in whichever of the two formats it is. */
  private static String kind(RawResponse response) throws IOException {
    assertThat(response.head())
        .as(response.body())
        .containsAnyOf("application/json", "application/yaml");
    ObjectMapper format = response.head().contains("application/yaml") ? YAML : MAPPER;
    return format.readTree(response.body()).path("kind").asText();
  }

  private static String request(Random random) {
    StringBuilder request = new StringBuilder(pick(random, METHODS)).append(' ');
    for (int i = random.nextInt(8); i >= 0; i--) {
      request.append('/').append(pick(random, SEGMENTS));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      request.append(i == 3 ? '?' : random.nextBoolean() ? '?' : '&');
      request.append(pick(random, PARAMETERS));
    }
    // Watches end by themselves, so that each connection comes to its end.
    request.append(request.indexOf("?") < 0 ? '?' : '&').append("timeoutSeconds=1");
    String body = pick(random, BODIES);
    request.append(" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n");
    request.append("Content-Type: ").append(pick(random, TYPES)).append("\r\n");
    request.append("Accept: ").append(pick(random, ACCEPTS)).append("\r\n");
    request.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
    return request.append(body).toString();
  }

  private static String pick(Random random, List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
