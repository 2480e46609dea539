package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A8 list")
class ApiServerA8ListTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.path("items").forEach(item -> names.add(Meta.namespace(item) + "/" + Meta.name(item)));
    return names;
  }

  private void create(String... names) {
    for (String name : names) {
      cluster.post(MAPS, "{metadata:{name:'" + name + "'}}");
    }
  }

  @Test
  void sortsByNamespaceAndNameAndLeavesTypesOut() {
    cluster.post("/api/v1/namespaces", "{metadata:{name:'a'}}");
    create("z", "b-b", "b");
    cluster.post("/api/v1/namespaces/a/configmaps", "{metadata:{name:'y'}}");
    JsonNode list = cluster.get("/api/v1/configmaps");
    assertThat(names(list)).containsExactly("a/y", "default/b", "default/b-b", "default/z");
    assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
    assertThat(list.path("items").path(0).has("kind")).isFalse();
    assertThat(names(cluster.get(MAPS))).hasSize(3);
    assertThat(cluster.get("/api/v1/namespaces/none/configmaps").path("items").isArray()).isTrue();
  }

  @Test
  void showsAllPagesAtTheRevisionOfTheFirst() {
    create("a", "b", "c", "d", "e");
    JsonNode first = cluster.get(MAPS + "?limit=2");
    assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    cluster.delete(MAPS + "/d");
    cluster.patch(MAPS + "/c", "{data:{k:'new'}}");
    create("cc");
    JsonNode second = next(first, 2);
    JsonNode third = next(second, 2);
    assertThat(names(second)).containsExactly("default/c", "default/d");
    assertThat(second.path("items").path(0).has("data")).isFalse();
    assertThat(names(third)).containsExactly("default/e");
    assertThat(third.path("metadata").has("continue")).isFalse();
    assertThat(Meta.resourceVersion(third)).isEqualTo(Meta.resourceVersion(first));
  }

  private JsonNode next(JsonNode page, int limit) {
    String token = page.at("/metadata/continue").asText();
    return cluster.get(MAPS + "?limit=" + limit + "&continue=" + token);
  }

  @Test
  void goesOnInconsistentlyAfterCompaction() {
    create("a", "b", "c");
    JsonNode first = cluster.get(MAPS + "?limit=1");
    cluster.delete(MAPS + "/b");
    cluster.server.compact();
    StatusException expired = refusal(() -> next(first, 1));
    assertThat(expired.code()).isEqualTo(410);
    assertThat(expired.reason()).isEqualTo("Expired");
    JsonNode rest = next(expired.status(), 5);
    assertThat(names(rest)).containsExactly("default/c");
  }

  @Test
  void listsAtAnExactRevisionWhileHistoryLasts() {
    create("a");
    long before = cluster.server.revision();
    create("b");
    cluster.delete(MAPS + "/a");
    String exact = MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + before;
    assertThat(names(cluster.get(exact))).containsExactly("default/a");
    assertThat(names(cluster.get(MAPS + "?resourceVersion=" + before)))
        .containsExactly("default/b");
    assertThat(names(cluster.get(MAPS + "?resourceVersion=0"))).containsExactly("default/b");
    cluster.server.compact();
    assertThat(refusal(() -> cluster.get(exact)))
        .hasMessage("The resourceVersion for the provided list is too old.");
  }

  @Test
  void filtersAndCountsNothingThen() {
    cluster.post(MAPS, "{metadata:{name:'a',labels:{x:'y'}}}");
    create("b");
    cluster.post(MAPS, "{metadata:{name:'c',labels:{x:'y'}}}");
    JsonNode page = cluster.get(MAPS + "?labelSelector=x%3Dy&limit=1");
    assertThat(names(page)).containsExactly("default/a");
    assertThat(page.path("metadata").has("remainingItemCount")).isFalse();
    String rest =
        MAPS + "?labelSelector=x%3Dy&limit=1&continue=" + page.at("/metadata/continue").asText();
    assertThat(names(cluster.get(rest))).containsExactly("default/c");
    assertThat(names(cluster.get(MAPS + "?fieldSelector=metadata.name%3Db")))
        .containsExactly("default/b");
  }

  @Test
  void refusesAVersionTogetherWithAContinueToken() {
    create("a", "b");
    String token = cluster.get(MAPS + "?limit=1").at("/metadata/continue").asText();
    StatusException refusal =
        refusal(() -> cluster.get(MAPS + "?resourceVersion=5&continue=" + token));
    assertThat(refusal.code()).isEqualTo(400);
    assertThat(refusal)
        .hasMessage("specifying resource version is not allowed when using continue");
  }
}
