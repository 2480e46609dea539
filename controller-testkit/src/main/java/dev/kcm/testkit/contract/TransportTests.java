package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Media types, compression, headers, versions of HTTP. Confined to the test's thread. */
abstract class TransportTests extends ContractTests {

  TransportTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A15.1 JSON by default, and whenever it is among what the client takes")
  void prefersJson() {
    for (String accept :
        new String[] {
          "*/*", "application/json", "application/json, */*", "text/html,application/json;q=0.5",
        }) {
      assertThat(api.get(core("secrets"), "Accept", accept).is(200).header("Content-Type"))
          .as(accept)
          .isEqualTo("application/json");
    }
    assertThat(api.get(core("secrets")).header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  @DisplayName("A15.1 YAML goes in and comes out")
  void speaksYaml() {
    Answer made =
        api.raw(
            "POST",
            core("configmaps"),
            "metadata:\n  name: a\ndata:\n  k: v\n",
            "Content-Type",
            "application/yaml",
            "Accept",
            "application/yaml");
    assertThat(made.is(201).header("Content-Type")).isEqualTo("application/yaml");
    assertThat(made.text()).contains("kind: ConfigMap").contains("k: v");
    assertThat(api.get(core("configmaps/a")).text("/data/k")).isEqualTo("v");
  }

  @Test
  @DisplayName("A15.3 large answers are compressed for who takes gzip, small ones and watches not")
  void compressesLargeAnswers() {
    api.create(core("configmaps"), "{metadata:{name:'a'},data:{k:'" + "x".repeat(200_000) + "'}}");
    Answer large = api.get(core("configmaps/a"), "Accept-Encoding", "gzip").is(200);
    assertThat(large.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(large.header("Vary")).contains("Accept-Encoding");
    assertThat(api.get(core("configmaps/a")).is(200).header("Content-Encoding")).isEmpty();
    api.create(core("secrets"), named("b"));
    assertThat(api.get(core("secrets/b"), "Accept-Encoding", "gzip").header("Content-Encoding"))
        .isEmpty();
  }

  @Test
  @DisplayName("A15.4 HTTP/2 is negotiated, HTTP/1.1 served as well")
  void speaksBothVersions() {
    Api old = Api.of(kubeconfig, HttpClient.Version.HTTP_1_1);
    assertThat(api.protocol("/version")).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(old.protocol("/version")).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(old.get(core("secrets")).is(200).text("/kind")).isEqualTo("SecretList");
  }

  @Test
  @DisplayName("A15.5, A15.6 every answer has an Audit-Id and must not be cached")
  void setsHeaders() {
    Answer answer = api.get(core("secrets"));
    assertThat(answer.header("Audit-Id")).isNotEmpty();
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, private");
    assertThat(api.get(core("secrets"), "User-Agent", "curl/8.0").text()).contains("\n  \"kind\"");
    assertThat(api.get(core("secrets?pretty=true")).text()).contains("\n  \"kind\"");
    assertThat(api.get(core("secrets?pretty=false")).text()).doesNotContain("\n  ");
  }

  @Test
  @DisplayName("A15.6 deprecated kinds come with a Warning")
  void warnsOfDeprecatedKinds() {
    assertThat(api.get(core("endpoints")).header("Warning"))
        .startsWith("299 - \"v1 Endpoints is deprecated");
    assertThat(api.get(core("secrets")).header("Warning")).isEmpty();
  }

  @Test
  @DisplayName("A15.2 who prefers the binary format but takes JSON gets an answer it can read")
  void answersWhoPrefersProtobuf() {
    Answer answer =
        api.get(core("secrets"), "Accept", "application/vnd.kubernetes.protobuf,application/json");
    assertThat(answer.is(200).header("Content-Type"))
        .isIn("application/json", "application/vnd.kubernetes.protobuf");
    api.raw(
            "POST",
            core("configmaps"),
            "not the binary format",
            "Content-Type",
            "application/vnd.kubernetes.protobuf")
        .isClientError();
  }
}
