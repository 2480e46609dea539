package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A9 watch, A10 selectors")
class ApiServerA9WatchTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void sendsEventsAfterTheAskedRevisionInOrderExactlyOnce() {
    JsonNode a = cluster.post(MAPS, "{metadata:{name:'a'}}");
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    cluster.delete(MAPS + "/a");
    var watch = cluster.watch(MAPS + "?resourceVersion=" + Meta.resourceVersion(a));
    cluster.patch(MAPS + "/b", "{data:{k:'v'}}");
    assertThat(watch.seen()).containsExactly("ADDED b", "DELETED a", "MODIFIED b");
    assertThat(watch.events.get(1).object().path("metadata").path("resourceVersion").asLong())
        .isEqualTo(Long.parseLong(Meta.resourceVersion(a)) + 2);
  }

  @Test
  void startsWithTheStateAndAMarkerWhenTheVersionIsOpen() {
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    var watch = cluster.watch(MAPS + "?allowWatchBookmarks=true");
    assertThat(watch.seen()).containsExactly("ADDED a", "BOOKMARK");
    assertThat(Cluster.bytes(watch.last()))
        .isEqualTo(
            "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\","
                + "\"metadata\":{\"resourceVersion\":\""
                + cluster.server.revision()
                + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}");
  }

  @Test
  void sendsNoStateWhenToldNotTo() {
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    var watch = cluster.watch(MAPS + "?sendInitialEvents=false&resourceVersionMatch=NotOlderThan");
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    assertThat(watch.seen()).containsExactly("ADDED b");
  }

  @Test
  void turnsSelectorTransitionsIntoAddedAndDeleted() {
    var watch = cluster.watch(MAPS + "?labelSelector=app%3Dx");
    cluster.post(MAPS, "{metadata:{name:'a',labels:{app:'y'}}}");
    cluster.patch(MAPS + "/a", "{metadata:{labels:{app:'x'}}}");
    cluster.patch(MAPS + "/a", "{data:{k:'v'}}");
    JsonNode gone = cluster.patch(MAPS + "/a", "{metadata:{labels:{app:'y'}}}");
    cluster.delete(MAPS + "/a");
    assertThat(watch.seen()).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    JsonNode last = watch.last().object();
    assertThat(last.path("metadata").path("labels").path("app").asText()).isEqualTo("x");
    assertThat(Meta.resourceVersion(last)).isEqualTo(Meta.resourceVersion(gone));
  }

  @Test
  void keepsToItsNamespaceAndName() {
    cluster.post("/api/v1/namespaces", "{metadata:{name:'other'}}");
    var one = cluster.watch(MAPS + "?fieldSelector=metadata.name%3Da");
    var all = cluster.watch("/api/v1/configmaps");
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    cluster.post("/api/v1/namespaces/other/configmaps", "{metadata:{name:'a'}}");
    assertThat(one.seen()).containsExactly("ADDED a");
    assertThat(all.seen()).containsExactly("ADDED a", "ADDED b", "ADDED a");
  }

  @Test
  void endsWithA410ErrorWhenTheHistoryIsGone() {
    JsonNode a = cluster.post(MAPS, "{metadata:{name:'a'}}");
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    cluster.server.compact();
    long asked = Long.parseLong(Meta.resourceVersion(a));
    var watch = cluster.watch(MAPS + "?resourceVersion=" + asked);
    assertThat(watch.types()).containsExactly("ERROR");
    assertThat(watch.closings).isOne();
    JsonNode status = watch.last().object();
    assertThat(status.path("code").asInt()).isEqualTo(410);
    assertThat(status.path("reason").asText()).isEqualTo("Expired");
    assertThat(status.path("message").asText())
        .isEqualTo("too old resource version: " + asked + " (" + (asked + 1) + ")");
  }

  @Test
  void sendsBookmarksOnceAMinuteAndBeforeTheTimeOut() {
    var watch =
        cluster.watch(MAPS + "?resourceVersion=101&allowWatchBookmarks=true&timeoutSeconds=90");
    var plain = cluster.watch(MAPS + "?resourceVersion=101&timeoutSeconds=90");
    cluster.time.advance(Duration.ofSeconds(61));
    assertThat(watch.types()).containsExactly("BOOKMARK");
    assertThat(Meta.resourceVersion(watch.last().object()))
        .isEqualTo(Long.toString(cluster.server.revision()));
    cluster.time.advance(Duration.ofSeconds(30));
    assertThat(watch.types()).containsExactly("BOOKMARK", "BOOKMARK");
    assertThat(watch.closings).isOne();
    assertThat(plain.events).isEmpty();
    assertThat(plain.closings).isOne();
    assertThat(cluster.server.openWatches()).isZero();
  }

  @Test
  void endsAtTheLatestAfterAnHourByItself() {
    var watch = cluster.watch(MAPS + "?resourceVersion=101");
    cluster.time.advance(Duration.ofMinutes(29));
    assertThat(watch.closings).isZero();
    cluster.time.advance(Duration.ofMinutes(32));
    assertThat(watch.closings).isOne();
  }

  @Test
  void sendsNothingAfterItWasClosed() throws Exception {
    var watch = cluster.watch(MAPS);
    watch.handle.close();
    watch.handle.close();
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    assertThat(watch.events).isEmpty();
    assertThat(watch.closings).isOne();
  }

  @Test
  void closesAWatchWhoseSinkFailsAndSparesTheWriter() {
    Cluster.Recorder counter = new Cluster.Recorder();
    cluster.server.watch(
        Cluster.request("WATCH", MAPS, null, ""),
        new WatchSink() {
          @Override
          public void event(WatchEvent event) {
            throw new IllegalStateException("sink is broken");
          }

          @Override
          public void closed() {
            counter.closed();
          }
        });
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    assertThat(counter.closings).isOne();
    assertThat(cluster.server.openWatches()).isZero();
  }

  @Test
  void sharesOneFrameBetweenAllWatches() {
    var first = cluster.watch(MAPS);
    var second = cluster.watch("/api/v1/configmaps");
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    assertThat(first.last()).isSameAs(second.last());
    assertThat(first.last().json()).isSameAs(second.last().json());
  }

  @Test
  void refusesAFutureRevisionForInitialEvents() {
    StatusException refusal =
        refusal(
            () ->
                cluster.watch(
                    MAPS
                        + "?sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                        + "&resourceVersion=99999"));
    assertThat(refusal.code()).isEqualTo(504);
    assertThat(refusal.reason()).isEqualTo("Timeout");
  }

  @Test
  void refusesUnfitOptionsBeforeTheFirstEvent() {
    StatusException refusal =
        refusal(() -> cluster.watch(MAPS + "?resourceVersionMatch=Exact&resourceVersion=5"));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal)
        .hasMessage(
            "ListOptions.meta.k8s.io \"\" is invalid: [resourceVersionMatch: Forbidden:"
                + " resourceVersionMatch is forbidden for watch unless sendInitialEvents is"
                + " provided, resourceVersionMatch: Unsupported value: \"Exact\": supported"
                + " values: \"NotOlderThan\"]");
  }
}
