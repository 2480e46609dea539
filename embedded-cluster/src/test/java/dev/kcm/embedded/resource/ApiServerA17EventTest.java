package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A17 events and leases")
class ApiServerA17EventTest {

  private static final String EVENTS = "/api/v1/namespaces/default/events";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void forgetsAnEventAnHourAfterItsLastWrite() {
    cluster.post(EVENTS, "{metadata:{name:'a'},involvedObject:{namespace:'default'}}");
    cluster.post(EVENTS, "{metadata:{name:'b'},involvedObject:{namespace:'default'}}");
    cluster.time.advance(Duration.ofMinutes(40));
    cluster.patch(EVENTS + "/b", "{count:2}");
    cluster.time.advance(Duration.ofMinutes(21));
    assertThat(refusal(() -> cluster.get(EVENTS + "/a")).code()).isEqualTo(404);
    assertThat(cluster.get(EVENTS + "/b").path("count").asInt()).isEqualTo(2);
    cluster.time.advance(Duration.ofMinutes(41));
    assertThat(refusal(() -> cluster.get(EVENTS + "/b")).code()).isEqualTo(404);
  }

  @Test
  void wantsEventsInTheNamespaceOfTheirObject() {
    StatusException refusal =
        refusal(() -> cluster.post(EVENTS, "{metadata:{name:'a'},involvedObject:{namespace:'x'}}"));
    assertThat(refusal.code()).isEqualTo(422);
    cluster.post(EVENTS, "{metadata:{name:'node'},involvedObject:{kind:'Node',name:'n'}}");
  }

  @Test
  void holdsNewEventsToTheirStricterForm() {
    StatusException refusal =
        refusal(
            () ->
                cluster.post(
                    "/apis/events.k8s.io/v1/namespaces/default/events",
                    "{metadata:{name:'a'},regarding:{namespace:'default'},type:'Odd'}"));
    assertThat(refusal.status().path("details").path("causes"))
        .extracting(cause -> cause.path("field").asText())
        .containsExactly(
            "eventTime", "reportingController", "reportingInstance", "action", "reason", "type");
  }

  @Test
  void locksLeasesByTheirVersion() {
    String leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    JsonNode lease =
        cluster.put(
            leases + "/l",
            "{metadata:{name:'l'},spec:{holderIdentity:'a',renewTime:'2026-11-20T10:00:00.000000Z'}}");
    JsonNode taken = cluster.put(leases + "/l", Cluster.edit(lease, "{spec:{holderIdentity:'b'}}"));
    assertThat(taken.at("/spec/renewTime").asText()).isEqualTo("2026-11-20T10:00:00.000000Z");
    assertThat(
            refusal(
                    () ->
                        cluster.put(
                            leases + "/l", Cluster.edit(lease, "{spec:{holderIdentity:'c'}}")))
                .reason())
        .isEqualTo("Conflict");
  }
}
