package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.testkit.contract.ContractServer.Capability;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Order, pages, versions of lists. Confined to the test's thread. */
abstract class ListTests extends ContractTests {

  ListTests(ApiServerContract contract) {
    super(contract);
  }

  private void secrets(String... names) {
    for (String name : names) {
      api.create(core("secrets"), named(name));
    }
  }

  @Test
  @DisplayName("A8.1 a list has a kind, a version, and items in the order of their names")
  void listsInOrder() {
    secrets("b", "a-b", "a", "a.b", "c");
    Answer list = api.get(core("secrets")).is(200);
    assertThat(list.text("/kind")).isEqualTo("SecretList");
    assertThat(list.text("/apiVersion")).isEqualTo("v1");
    assertThat(list.version()).matches("[0-9]+");
    assertThat(list.names()).containsExactly("a", "a-b", "a.b", "b", "c");
    assertThat(list.at("/items/0").has("kind")).isFalse();
    assertThat(list.at("/items/0").has("apiVersion")).isFalse();
    assertThat(api.get(core("endpoints")).at("/items").isArray()).isTrue();
  }

  @Test
  @DisplayName("A8.1 a list of all namespaces is ordered by namespace, then name")
  void listsAllNamespaces() {
    createNamespace(ns + "-b");
    createNamespace(ns + "-a");
    api.create("/api/v1/namespaces/" + ns + "-b/secrets", "{metadata:{name:'a',labels:{t:'x'}}}");
    api.create("/api/v1/namespaces/" + ns + "-a/secrets", "{metadata:{name:'b',labels:{t:'x'}}}");
    api.create(core("secrets"), "{metadata:{name:'c',labels:{t:'x'}}}");
    assertThat(api.get("/api/v1/secrets?labelSelector=t%3Dx").names())
        .containsSubsequence("c", "b", "a");
  }

  @Test
  @DisplayName("A8.3 pages show the state of the first one, with what remains")
  void readsPagesAtOneRevision() {
    secrets("a", "b", "c", "d", "e");
    Answer first = api.get(core("secrets?limit=2"));
    assertThat(first.names()).containsExactly("a", "b");
    assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    api.delete(core("secrets/d")).is(200);
    secrets("bb");

    Answer second = next(first, "&limit=2");
    assertThat(second.names()).containsExactly("c", "d");
    assertThat(second.version()).isEqualTo(first.version());
    Answer third = next(second, "&limit=2");
    assertThat(third.names()).containsExactly("e");
    assertThat(third.at("/metadata/continue").asText()).isEmpty();
    assertThat(third.at("/metadata/remainingItemCount").isMissingNode()).isTrue();
  }

  private Answer next(Answer page, String more) {
    String token = page.text("/metadata/continue");
    assertThat(token).isNotEmpty();
    return api.get(core("secrets?continue=" + token + more)).is(200);
  }

  @Test
  @DisplayName("A8.3 with a selector a page does not tell how many remain")
  void keepsCountsFromSelectedPages() {
    for (String name : List.of("a", "b", "c")) {
      api.create(core("secrets"), "{metadata:{name:'" + name + "',labels:{t:'x'}}}");
    }
    Answer page = api.get(core("secrets?limit=1&labelSelector=t%3Dx"));
    assertThat(page.names()).containsExactly("a");
    assertThat(page.text("/metadata/continue")).isNotEmpty();
    assertThat(page.at("/metadata/remainingItemCount").isMissingNode()).isTrue();
    assertThat(next(page, "&limit=5&labelSelector=t%3Dx").names()).containsExactly("b", "c");
  }

  @Test
  @DisplayName("A8.3 the token of a page is the documented JSON")
  void writesTheDocumentedToken() {
    secrets("a", "b");
    Answer page = api.get(core("secrets?limit=1"));
    JsonNode token =
        Json.read(
            new String(
                Base64.getUrlDecoder().decode(page.text("/metadata/continue")),
                StandardCharsets.UTF_8));
    assertThat(token.path("v").asText()).isEqualTo("meta.k8s.io/v1");
    assertThat(token.path("rv").asText()).isEqualTo(page.version());
    assertThat(token.path("start").asText()).contains("a\0");
    api.get(core("secrets?continue=nonsense")).isRefusal(400, "BadRequest");
  }

  @Test
  @DisplayName("A8.3, A7.5 a page that is too old is Expired, with a token to go on inconsistently")
  void expiresTokens() {
    needs(Capability.COMPACTION);
    secrets("a", "b", "c");
    Answer page = api.get(core("secrets?limit=1"));
    secrets("d");
    server.compact();
    Answer refusal =
        api.get(core("secrets?continue=" + page.text("/metadata/continue")))
            .isRefusal(410, "Expired");
    assertThat(refusal.message())
        .startsWith(
            "The provided continue parameter is too old to display a consistent list result.");
    assertThat(next(refusal, "").names()).containsExactly("b", "c", "d");
  }

  @Test
  @DisplayName("A8.2 a list at least as new as asked, and of exactly that version")
  void listsAtVersions() {
    secrets("a");
    String version = api.get(core("secrets")).version();
    secrets("b");
    assertThat(api.get(core("secrets?resourceVersion=0")).is(200).at("/items").isArray()).isTrue();
    assertThat(api.get(core("secrets?resourceVersion=" + version)).is(200).names()).contains("a");
    assertThat(
            api.get(core("secrets?resourceVersionMatch=NotOlderThan&resourceVersion=" + version))
                .is(200)
                .names())
        .contains("a");
    Answer exact =
        api.get(core("secrets?resourceVersionMatch=Exact&resourceVersion=" + version)).is(200);
    assertThat(exact.names()).containsExactly("a");
    assertThat(exact.version()).isEqualTo(version);
  }

  @Test
  @DisplayName("A8.2 an exact version that is forgotten is Expired")
  void refusesForgottenVersions() {
    needs(Capability.COMPACTION);
    secrets("a");
    String version = api.get(core("secrets")).version();
    secrets("b");
    server.compact();
    assertThat(
            api.get(core("secrets?resourceVersionMatch=Exact&resourceVersion=" + version))
                .isRefusal(410, "Expired")
                .message())
        .isEqualTo("The resourceVersion for the provided list is too old.");
  }

  @Test
  @DisplayName("A8.2 a version of the future is a Timeout with a cause")
  void refusesFutureVersions() {
    Answer refusal =
        api.get(core("secrets?resourceVersion=999999999999")).isRefusal(504, "Timeout");
    assertThat(refusal.message()).contains("Too large resource version: 999999999999, current: ");
    assertThat(refusal.text("/details/causes/0/reason")).isEqualTo("ResourceVersionTooLarge");
    assertThat(refusal.at("/details/retryAfterSeconds").asInt()).isEqualTo(1);
  }

  @Test
  @DisplayName("A8.2, A8.4 parameters that do not go together are invalid, unknown ones ignored")
  void checksParameters() {
    secrets("a", "b");
    String token = api.get(core("secrets?limit=1")).text("/metadata/continue");
    List<Integer> codes = new ArrayList<>();
    for (String query :
        List.of(
            "resourceVersionMatch=Exact",
            "resourceVersionMatch=Exact&resourceVersion=0",
            "resourceVersionMatch=Some&resourceVersion=5",
            "sendInitialEvents=true",
            "resourceVersionMatch=NotOlderThan&continue=" + token,
            "resourceVersion=5&continue=" + token,
            "limit=x",
            "nonsense=1")) {
      codes.add(api.get(core("secrets?" + query)).code());
    }
    assertThat(codes).containsExactly(422, 422, 422, 422, 422, 400, 400, 200);
  }
}
