package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.UserInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A13, A16 what a server keeps in every cluster")
class SystemObjectsTest {

  private final Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private final ApiServer server = ApiServer.builder().clock(clock).build();
  private final Pki pki = Pki.inMemory(Clock.systemUTC(), List.of("localhost"));
  private final SystemObjects objects =
      new SystemObjects(server, pki, URI.create("https://127.0.0.1:6443"), clock);

  @AfterEach
  void close() {
    server.close();
  }

  private JsonNode read(String group, String plural, String namespace, String name) {
    Kind kind = server.kinds().find(group, "v1", plural).orElseThrow();
    return server.stored(kind, namespace, name).orElseThrow();
  }

  @Test
  void theServiceOfTheServerLeadsToIt() {
    objects.ensure();
    JsonNode service = read("", "services", "default", "kubernetes");
    assertThat(service.path("spec").path("clusterIP").asText()).isEqualTo("10.96.0.1");
    assertThat(service.path("spec").path("ports").toString())
        .isEqualTo("[{\"name\":\"https\",\"port\":443,\"protocol\":\"TCP\",\"targetPort\":6443}]");
    assertThat(service.path("spec").has("selector")).isFalse();
    JsonNode subset = read("", "endpoints", "default", "kubernetes").path("subsets").path(0);
    assertThat(subset.path("addresses").path(0).path("ip").asText()).isEqualTo("127.0.0.1");
    assertThat(subset.path("ports").path(0).path("port").asInt()).isEqualTo(6443);
    JsonNode slice = read("discovery.k8s.io", "endpointslices", "default", "kubernetes");
    assertThat(slice.path("metadata").path("labels").path("kubernetes.io/service-name").asText())
        .isEqualTo("kubernetes");
  }

  @Test
  void theRangeOfAddressesAndTheFirstOneAreObjects() {
    objects.ensure();
    assertThat(
            read("networking.k8s.io", "servicecidrs", "", "kubernetes")
                .path("spec")
                .path("cidrs")
                .path(0)
                .asText())
        .isEqualTo("10.96.0.0/16");
    assertThat(
            read("networking.k8s.io", "ipaddresses", "", "10.96.0.1")
                .path("spec")
                .path("parentRef")
                .toString())
        .isEqualTo("{\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"kubernetes\"}");
  }

  @Test
  void othersLearnHowToAuthenticate() {
    objects.ensure();
    JsonNode data =
        read("", "configmaps", "kube-system", "extension-apiserver-authentication").path("data");
    assertThat(data.path("client-ca-file").asText()).isEqualTo(pki.ca().certificatePem());
    assertThat(data.path("requestheader-allowed-names").asText()).isEqualTo("[\"aggregator\"]");
    assertThat(
            read(
                    "",
                    "configmaps",
                    "kube-system",
                    "kube-apiserver-legacy-service-account-token-tracking")
                .path("data")
                .path("since")
                .asText())
        .isEqualTo("2026-01-02");
  }

  @Test
  void whatWasDeletedComesBackAndWhatIsThereStays() {
    objects.ensure();
    long revision = server.revision();
    objects.ensure();
    assertThat(server.revision()).isEqualTo(revision);
    server.handle(
        new ApiRequest(
            UserInfo.LOOPBACK,
            ApiRequest.Verb.DELETE,
            "",
            "v1",
            "services",
            "default",
            "kubernetes",
            "",
            Map.of(),
            null,
            ""));
    objects.ensure();
    assertThat(
            read("", "services", "default", "kubernetes").path("spec").path("clusterIP").asText())
        .isEqualTo("10.96.0.1");
  }
}
