package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.testkit.contract.ContractServer.Capability;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Watches over HTTP and WebSocket. Confined to the test's thread. */
abstract class WatchTests extends ContractTests {

  WatchTests(ApiServerContract contract) {
    super(contract);
  }

  private String since(String version) {
    return core("secrets?watch=1&resourceVersion=" + version);
  }

  private String now() {
    return api.get(core("secrets")).version();
  }

  private void secret(String name, String label) {
    api.create(core("secrets"), "{metadata:{name:'" + name + "',labels:{t:'" + label + "'}}}");
  }

  @Test
  @DisplayName("A9.2, A18.2 all changes after a version come once and in the order of revisions")
  void sendsEveryChangeInOrder() {
    String start = now();
    secret("a", "x");
    try (EventStream watch = api.watch(since(start))) {
      secret("b", "x");
      api.merge(core("secrets/a"), "{metadata:{labels:{t:'y'}}}").is(200);
      api.delete(core("secrets/b")).is(200);
      List<String> seen = new ArrayList<>();
      List<Long> versions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        JsonNode event = watch.nextChange();
        seen.add(event.path("type").asText() + event.at("/object/metadata/name").asText());
        versions.add(event.at("/object/metadata/resourceVersion").asLong());
        assertThat(event.at("/object/kind").asText()).isEqualTo("Secret");
        assertThat(event.at("/object/apiVersion").asText()).isEqualTo("v1");
      }
      assertThat(seen).containsExactly("ADDEDa", "ADDEDb", "MODIFIEDa", "DELETEDb");
      assertThat(versions).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  @DisplayName("A9.2 without a version, or with 0, a watch begins with the present state")
  void beginsWithTheState() {
    secret("a", "x");
    secret("b", "x");
    for (String query : List.of("secrets?watch=1", "secrets?watch=true&resourceVersion=0")) {
      try (EventStream watch = api.watch(core(query))) {
        assertThat(watch.changes(2)).containsExactlyInAnyOrder("ADDED a", "ADDED b");
      }
    }
  }

  @Test
  @DisplayName("A9.1 the old path with /watch/ works too")
  void servesTheOldPath() {
    secret("a", "x");
    try (EventStream watch = api.watch("/api/v1/watch/namespaces/" + ns + "/secrets")) {
      assertThat(watch.changes(1)).containsExactly("ADDED a");
    }
  }

  @Test
  @DisplayName("A9.1 a WebSocket carries the same events")
  void sendsOverWebSocket() {
    secret("a", "x");
    String start = now();
    try (EventStream socket = api.webSocket(since(start));
        EventStream http = api.watch(since(start))) {
      secret("b", "x");
      api.merge(core("secrets/a"), "{metadata:{labels:{t:'y'}}}").is(200);
      api.delete(core("secrets/b")).is(200);
      for (int i = 0; i < 3; i++) {
        assertThat(socket.nextChange()).isEqualTo(http.nextChange());
      }
    }
  }

  @Test
  @DisplayName("A9.1 HTTP/1.1 and HTTP/2 carry the same events")
  void sendsOverBothVersionsOfHttp() {
    String start = now();
    Api old = Api.of(kubeconfig, HttpClient.Version.HTTP_1_1);
    try (EventStream one = old.watch(since(start));
        EventStream two = api.watch(since(start))) {
      secret("a", "x");
      assertThat(one.nextChange()).isEqualTo(two.nextChange());
    }
  }

  @Test
  @DisplayName("A9.2 a version that is forgotten ends in one Expired")
  void expiresOldVersions() {
    needs(Capability.COMPACTION);
    String start = now();
    secret("a", "x");
    secret("b", "x");
    server.compact();
    try (EventStream watch = api.watch(since(start))) {
      List<JsonNode> all = watch.rest();
      assertThat(all).hasSize(1);
      assertThat(all.get(0).path("type").asText()).isEqualTo("ERROR");
      JsonNode status = all.get(0).path("object");
      assertThat(status.path("kind").asText()).isEqualTo("Status");
      assertThat(status.path("code").asInt()).isEqualTo(410);
      assertThat(status.path("reason").asText()).isEqualTo("Expired");
      assertThat(status.path("message").asText())
          .matches("too old resource version: " + start + " \\([0-9]+\\)");
    }
  }

  @Test
  @DisplayName(
      "A9.4, A9.6 timeoutSeconds ends a watch cleanly, after a last bookmark if those are wanted")
  void endsInTime() {
    secret("a", "x");
    String start = now();
    try (EventStream watch =
        api.watch(since(start) + "&timeoutSeconds=1&allowWatchBookmarks=true")) {
      for (JsonNode event : watch.rest()) {
        assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(event.at("/object/kind").asText()).isEqualTo("Secret");
        assertThat(event.at("/object/metadata/resourceVersion").asLong())
            .isGreaterThanOrEqualTo(Long.parseLong(start));
        assertThat(event.at("/object/metadata").has("name")).isFalse();
      }
    }
  }

  @Test
  @DisplayName("A9.4 without allowWatchBookmarks there are none")
  void sendsBookmarksOnlyOnRequest() {
    secret("a", "x");
    try (EventStream watch = api.watch(since(now()) + "&timeoutSeconds=1")) {
      assertThat(watch.rest()).isEmpty();
    }
  }

  @Test
  @DisplayName("A9.3 sendInitialEvents sends the state, then a bookmark that says so, then changes")
  void sendsInitialEvents() {
    secret("a", "x");
    secret("b", "x");
    try (EventStream watch =
        api.watch(
            core(
                "secrets?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                    + "&allowWatchBookmarks=true"))) {
      List<String> state = List.of(name(watch.next()), name(watch.next()));
      assertThat(state).containsExactlyInAnyOrder("ADDED a", "ADDED b");
      JsonNode bookmark = watch.next();
      assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(
              bookmark
                  .at("/object/metadata/annotations")
                  .path("k8s.io/initial-events-end")
                  .asText())
          .isEqualTo("true");
      secret("c", "x");
      assertThat(watch.changes(1)).containsExactly("ADDED c");
    }
    api.get(core("secrets?watch=1&sendInitialEvents=true")).isRefusal(422, "Invalid");
    api.get(core("secrets?watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1"))
        .isRefusal(422, "Invalid");
  }

  private static String name(JsonNode event) {
    return event.path("type").asText() + " " + event.at("/object/metadata/name").asText();
  }

  @Test
  @DisplayName("A9.5 who comes into a selector is ADDED, who leaves DELETED as it last was in it")
  void translatesChangesForSelectors() {
    String start = now();
    secret("a", "no");
    try (EventStream watch = api.watch(since(start) + "&labelSelector=t%3Dyes")) {
      api.merge(core("secrets/a"), "{metadata:{labels:{t:'yes'}},stringData:{k:'1'}}").is(200);
      api.merge(core("secrets/a"), "{metadata:{annotations:{n:'1'}}}").is(200);
      Answer left = api.merge(core("secrets/a"), "{metadata:{labels:{t:'no'}}}").is(200);
      api.delete(core("secrets/a")).is(200);
      secret("end", "yes");

      assertThat(name(watch.nextChange())).isEqualTo("ADDED a");
      assertThat(name(watch.nextChange())).isEqualTo("MODIFIED a");
      JsonNode deleted = watch.nextChange();
      assertThat(name(deleted)).isEqualTo("DELETED a");
      assertThat(deleted.at("/object/metadata/labels/t").asText()).isEqualTo("yes");
      assertThat(deleted.at("/object/metadata/resourceVersion").asText()).isEqualTo(left.version());
      assertThat(name(watch.nextChange())).isEqualTo("ADDED end");
    }
  }

  @Test
  @DisplayName(
      "A9.5, A9.7 field selectors translate changes too, and one object can be watched by name")
  void translatesChangesForFields() {
    String start = api.get(core("pods")).version();
    String pods = core("pods?watch=1&resourceVersion=" + start);
    try (EventStream bound = api.watch(pods + "&fieldSelector=spec.nodeName%3Dnode-x");
        EventStream one = api.watch(pods + "&fieldSelector=metadata.name%3Dq")) {
      api.create(core("pods"), pod("p"));
      api.create(core("pods"), pod("q"));
      run("q");
      assertThat(bound.changes(1)).containsExactly("ADDED q");
      assertThat(one.changes(2)).containsExactly("ADDED q", "MODIFIED q");
    }
  }

  @Test
  @DisplayName("A9.1 watches of several namespaces and of one see what is theirs")
  void watchesAllNamespaces() {
    createNamespace(ns + "-b");
    String start = now();
    String label = "&labelSelector=run%3D" + ns;
    try (EventStream all = api.watch("/api/v1/secrets?watch=1&resourceVersion=" + start + label);
        EventStream own = api.watch(since(start) + label)) {
      String body = "{metadata:{name:'%s',labels:{run:'" + ns + "'}}}";
      api.create("/api/v1/namespaces/" + ns + "-b/secrets", body.formatted("other"));
      api.create(core("secrets"), body.formatted("mine"));
      assertThat(all.changes(2)).containsExactly("ADDED other", "ADDED mine");
      assertThat(own.changes(1)).containsExactly("ADDED mine");
    }
  }

  @Test
  @DisplayName("A9.2 a version of the future is no error for a plain watch")
  void waitsForFutureVersions() {
    try (EventStream watch = api.watch(since("999999999999") + "&timeoutSeconds=1")) {
      assertThat(watch.rest()).isEmpty();
    }
  }
}
