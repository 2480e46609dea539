package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Fault plans and the request log")
class FaultPlanTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void failsTheNthCallBeforeItHasAnEffect() {
    cluster.faults.on(Verb.CREATE, "configmaps").call(2).fail(() -> Statuses.internalError("no"));
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    StatusException refusal = refusal(() -> cluster.post(MAPS, "{metadata:{name:'b'}}"));
    assertThat(refusal).hasMessage("Internal error occurred: no");
    assertThat(cluster.get(MAPS).path("items")).hasSize(1);
    cluster.post(MAPS, "{metadata:{name:'b'}}");
  }

  @Test
  void failsAfterTheCommit() {
    cluster
        .faults
        .on(Verb.CREATE, "configmaps")
        .call(1)
        .failAfterCommit(() -> Statuses.serviceUnavailable("gone"));
    assertThat(refusal(() -> cluster.post(MAPS, "{metadata:{name:'a'}}")).code()).isEqualTo(503);
    assertThat(cluster.get(MAPS).path("items")).hasSize(1);
  }

  @Test
  void holdsDelaysAndCutsWatches() {
    var watch = cluster.watch(MAPS);
    cluster.faults.holdWatches("configmaps");
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    assertThat(watch.events).isEmpty();
    cluster.faults.releaseWatches("configmaps");
    assertThat(watch.seen()).containsExactly("ADDED a");
    cluster.faults.delayWatches("configmaps", Duration.ofSeconds(5));
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    cluster.time.advance(Duration.ofSeconds(4));
    assertThat(watch.events).hasSize(1);
    cluster.time.advance(Duration.ofSeconds(1));
    assertThat(watch.seen()).containsExactly("ADDED a", "ADDED b");
    cluster.faults.cutWatches("configmaps");
    assertThat(watch.closings).isOne();
  }

  @Test
  void compactsAtACall() {
    JsonNode a = cluster.post(MAPS, "{metadata:{name:'a'}}");
    cluster.post(MAPS, "{metadata:{name:'b'}}");
    cluster.faults.on(Verb.WATCH, "configmaps").call(1).compact();
    var watch = cluster.watch(MAPS + "?resourceVersion=" + Meta.resourceVersion(a));
    assertThat(watch.types()).containsExactly("ERROR");
  }

  @Test
  void logsRequestsWithTheirCodes() {
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    refusal(() -> cluster.get(MAPS + "/b"));
    assertThat(cluster.server.requestLog())
        .extracting(LoggedRequest::verb, LoggedRequest::name, LoggedRequest::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Verb.CREATE, "", 201),
            org.assertj.core.groups.Tuple.tuple(Verb.GET, "b", 404));
  }
}
