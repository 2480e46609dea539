package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kcm.embedded.nodes.NodeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A cluster with a file behind it")
class RestartTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  @TempDir Path directory;

  private EmbeddedCluster start() throws IOException {
    return EmbeddedCluster.builder()
        .nodes(NodeSettings.of(1).withPodTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO))
        .pkiDir(directory.resolve("pki"))
        .storeFile(directory.resolve("objects.mv"))
        .start();
  }

  private static JsonNode send(
      EmbeddedCluster cluster, String method, String path, String body, String token)
      throws Exception {
    SSLContext context =
        token.isEmpty()
            ? cluster.pki().clientContext(cluster.pki().admin())
            : cluster.pki().anonymousContext();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cluster.url() + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .sslContext(context)
            .build()
            .send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isLessThan(300);
    return JSON.readTree(answer.body());
  }

  private static JsonNode get(EmbeddedCluster cluster, String path) throws Exception {
    return send(cluster, "GET", path, "", "");
  }

  @Test
  void goesOnWhereItEndedWithObjectsVersionsTokensAndKinds() throws Exception {
    JsonNode map;
    JsonNode node;
    String token;
    long last;
    try (EmbeddedCluster cluster = start()) {
      map = send(cluster, "POST", MAPS, "{\"metadata\":{\"name\":\"a\"}}", "");
      send(cluster, "POST", ACCOUNTS, "{\"metadata\":{\"name\":\"builder\"}}", "");
      token =
          send(cluster, "POST", ACCOUNTS + "/builder/token", "{\"spec\":{}}", "")
              .at("/status/token")
              .asText();
      send(cluster, "POST", DEFINITIONS, definition(), "");
      send(cluster, "POST", "/apis/example.com/v1/talks", "{\"metadata\":{\"name\":\"t\"}}", "");
      node = node(cluster);
      last = cluster.server().revision();
    }
    try (EmbeddedCluster cluster = start()) {
      assertThat(cluster.server().revision()).isGreaterThanOrEqualTo(last);
      assertThat(get(cluster, MAPS + "/a")).isEqualTo(map);
      assertThat(node(cluster).at("/metadata/uid")).isEqualTo(node.at("/metadata/uid"));
      assertThat(get(cluster, "/apis/example.com/v1/talks/t").path("kind").asText())
          .isEqualTo("Talk");
      JsonNode self =
          send(
              cluster,
              "POST",
              "/apis/authentication.k8s.io/v1/selfsubjectreviews",
              "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}",
              token);
      assertThat(self.at("/status/userInfo/username").asText())
          .isEqualTo("system:serviceaccount:default:builder");
      JsonNode next = send(cluster, "POST", MAPS, "{\"metadata\":{\"name\":\"b\"}}", "");
      assertThat(next.at("/metadata/resourceVersion").asLong()).isGreaterThan(last);
    }
  }

  private static JsonNode node(EmbeddedCluster cluster) throws Exception {
    JsonNode node = JSON.nullNode();
    while (node.at("/metadata/uid").isMissingNode()) {
      node = get(cluster, "/api/v1/nodes").at("/items/0");
    }
    return node;
  }

  private static String definition() {
    return """
        {"metadata":{"name":"talks.example.com"},
         "spec":{"group":"example.com","scope":"Cluster",
          "names":{"plural":"talks","singular":"talk","kind":"Talk","listKind":"TalkList"},
          "versions":[{"name":"v1","served":true,"storage":true,
           "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
        """;
  }
}
