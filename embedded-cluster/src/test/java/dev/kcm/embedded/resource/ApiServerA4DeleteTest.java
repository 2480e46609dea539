package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A4 delete")
class ApiServerA4DeleteTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String CONTROLLERS = "/api/v1/namespaces/default/replicationcontrollers";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private JsonNode pod(String spec) {
    return cluster.post(
        PODS, "{metadata:{name:'p'},spec:{" + spec + "containers:[{name:'c',image:'i'}]}}");
  }

  @Test
  void removesAtOnceWhatNothingHolds() {
    JsonNode map = cluster.post(MAPS, "{metadata:{name:'a'}}");
    var watch = cluster.watch(MAPS + "?resourceVersion=" + Meta.resourceVersion(map));
    JsonNode status = cluster.delete(MAPS + "/a");
    assertThat(status.path("status").asText()).isEqualTo("Success");
    assertThat(status.path("details").path("uid").asText()).isEqualTo(Meta.uid(map));
    assertThat(watch.seen()).containsExactly("DELETED a");
    assertThat(Meta.resourceVersion(watch.last().object()))
        .isEqualTo(Long.toString(cluster.server.revision()));
  }

  @Test
  void removesAnUnscheduledPodAtOnceAndAnswersWithIt() {
    pod("");
    assertThat(cluster.delete(PODS + "/p").path("kind").asText()).isEqualTo("Pod");
    assertThat(refusal(() -> cluster.get(PODS + "/p")).code()).isEqualTo(404);
  }

  @Test
  void givesAScheduledPodItsGracePeriod() {
    JsonNode pod = pod("nodeName:'n',");
    var watch = cluster.watch(PODS + "?resourceVersion=" + Meta.resourceVersion(pod));
    JsonNode going = cluster.delete(PODS + "/p");
    assertThat(going.path("metadata").path("deletionTimestamp").asText())
        .isEqualTo("2026-11-20T10:00:30Z");
    assertThat(Meta.gracePeriod(going)).isEqualTo(30);
    assertThat(Meta.generation(going)).isEqualTo(2);

    cluster.time.advance(Duration.ofSeconds(5));
    assertThat(cluster.delete(PODS + "/p")).isSameAs(going);
    assertThat(cluster.delete(PODS + "/p", "{gracePeriodSeconds:60}")).isSameAs(going);
    JsonNode sooner = cluster.delete(PODS + "/p", "{gracePeriodSeconds:10}");
    assertThat(sooner.path("metadata").path("deletionTimestamp").asText())
        .isEqualTo("2026-11-20T10:00:10Z");
    assertThat(Meta.generation(sooner)).isEqualTo(2);
    cluster.delete(PODS + "/p?gracePeriodSeconds=0");
    assertThat(watch.seen()).containsExactly("MODIFIED p", "MODIFIED p", "DELETED p");
  }

  @Test
  void takesANegativeGraceAsOneSecondAndNoneFromFinishedPods() {
    pod("nodeName:'n',");
    assertThat(Meta.gracePeriod(cluster.delete(PODS + "/p", "{gracePeriodSeconds:-3}"))).isOne();
    cluster.delete(PODS + "/p", "{gracePeriodSeconds:0}");
    pod("nodeName:'n',");
    cluster.patch(PODS + "/p/status", "{status:{phase:'Succeeded'}}");
    cluster.delete(PODS + "/p");
    assertThat(refusal(() -> cluster.get(PODS + "/p")).code()).isEqualTo(404);
  }

  @Test
  void keepsAPodUntilBothGraceAndFinalizersAreGone() {
    pod("nodeName:'n',");
    cluster.patch(PODS + "/p", "{metadata:{finalizers:['x/y']}}");
    cluster.delete(PODS + "/p");
    cluster.patch(PODS + "/p", "{metadata:{finalizers:null}}");
    assertThat(Meta.isDeleting(cluster.get(PODS + "/p"))).isTrue();
    cluster.patch(PODS + "/p", "{metadata:{finalizers:null}}");
    cluster.delete(PODS + "/p", "{gracePeriodSeconds:0}");
    assertThat(refusal(() -> cluster.get(PODS + "/p")).code()).isEqualTo(404);
  }

  @Test
  void removesWithTheLastFinalizerAndSendsOnlyDeleted() {
    cluster.post(MAPS, "{metadata:{name:'a',finalizers:['x/y']}}");
    JsonNode going = cluster.delete(MAPS + "/a");
    assertThat(Meta.gracePeriod(going)).isZero();
    assertThat(going.path("metadata").has("deletionGracePeriodSeconds")).isTrue();
    var watch = cluster.watch(MAPS + "?resourceVersion=" + Meta.resourceVersion(going));
    assertThat(cluster.delete(MAPS + "/a")).isSameAs(going);
    JsonNode last = cluster.patch(MAPS + "/a", "{metadata:{finalizers:null}}");
    assertThat(Meta.resourceVersion(last)).isEqualTo(Meta.resourceVersion(going));
    assertThat(watch.seen()).containsExactly("DELETED a");
  }

  @Test
  void orphansTheDependentsOfReplicationControllersByDefault() {
    String controller =
        "{metadata:{name:'r'},spec:{template:{metadata:{labels:{a:'b'}},spec:"
            + "{containers:[{name:'c',image:'i'}]}}}}";
    cluster.post(CONTROLLERS, controller);
    assertThat(Meta.finalizers(cluster.delete(CONTROLLERS + "/r"))).containsExactly("orphan");
    JsonNode gone = cluster.delete(CONTROLLERS + "/r?propagationPolicy=Background");
    assertThat(gone.path("status").asText()).isEqualTo("Success");
    cluster.post(CONTROLLERS, controller);
    cluster.delete(CONTROLLERS + "/r", "{propagationPolicy:'Foreground'}");
    assertThat(Meta.finalizers(cluster.delete(CONTROLLERS + "/r")))
        .containsExactly("foregroundDeletion");
    assertThat(Meta.finalizers(cluster.delete(CONTROLLERS + "/r", "{propagationPolicy:'Orphan'}")))
        .containsExactly("orphan");
  }

  @Test
  void answers202OnlyToTheOldWayWhileTheObjectSurvives() {
    cluster.post(MAPS, "{metadata:{name:'a',finalizers:['x/y']}}");
    ApiAnswer answer =
        cluster.send(
            "DELETE", MAPS + "/a", Cluster.json("{orphanDependents:false}"), "application/json");
    assertThat(answer.code()).isEqualTo(202);
  }

  @Test
  void storesNothingInADryRun() {
    cluster.post(MAPS, "{metadata:{name:'a'}}");
    long before = cluster.server.revision();
    assertThat(cluster.delete(MAPS + "/a?dryRun=All").path("status").asText()).isEqualTo("Success");
    assertThat(cluster.server.revision()).isEqualTo(before);
  }

  @Test
  void deletesCollectionsItemByItem() {
    cluster.post(MAPS, "{metadata:{name:'a',labels:{x:'y'}}}");
    cluster.post(MAPS, "{metadata:{name:'b',labels:{x:'y'},finalizers:['x/y']}}");
    cluster.post(MAPS, "{metadata:{name:'c'}}");
    JsonNode list = cluster.delete(MAPS + "?labelSelector=x%3Dy");
    assertThat(list.path("items")).hasSize(2);
    assertThat(cluster.get(MAPS).path("items")).extracting(Meta::name).containsExactly("b", "c");
    assertThat(Meta.isDeleting(cluster.get(MAPS + "/b"))).isTrue();
  }

  @Test
  void keepsANamespaceUntilItIsFinalized() {
    cluster.post("/api/v1/namespaces", "{metadata:{name:'n'}}");
    JsonNode going = cluster.delete("/api/v1/namespaces/n");
    assertThat(going.path("status").path("phase").asText()).isEqualTo("Terminating");
    assertThat(going.path("metadata").has("deletionGracePeriodSeconds")).isFalse();
    cluster.put("/api/v1/namespaces/n", Cluster.edit(going, "{spec:{finalizers:[]}}"));
    assertThat(cluster.get("/api/v1/namespaces/n").path("spec").path("finalizers")).hasSize(1);
    StatusException late =
        refusal(() -> cluster.post("/api/v1/namespaces/n/configmaps", "{metadata:{name:'a'}}"));
    assertThat(late.status().at("/details/causes/0/reason").asText())
        .isEqualTo("NamespaceTerminating");
    cluster.put(
        "/api/v1/namespaces/n/finalize",
        Cluster.edit(cluster.get("/api/v1/namespaces/n"), "{spec:{finalizers:[]}}"));
    assertThat(refusal(() -> cluster.get("/api/v1/namespaces/n")).code()).isEqualTo(404);
  }
}
