package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A1 storage, versions, metadata; A3 generation")
class ApiServerA1UpdateTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String DEPLOYMENT =
      "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:"
          + "{a:'b'}},spec:{containers:[{name:'c',image:'i:1'}]}}}}";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private static long version(JsonNode object) {
    return Long.parseLong(Meta.resourceVersion(object));
  }

  @Test
  void givesEachWriteTheNextRevisionOfOneCounter() {
    JsonNode map = cluster.post(MAPS, "{metadata:{name:'a'}}");
    JsonNode deployment = cluster.post(DEPLOYMENTS, DEPLOYMENT);
    JsonNode changed = cluster.patch(MAPS + "/a", "{data:{k:'v'}}");
    assertThat(version(map)).isGreaterThan(100);
    assertThat(version(deployment)).isEqualTo(version(map) + 1);
    assertThat(version(changed)).isEqualTo(version(map) + 2);
    assertThat(cluster.server.revision()).isEqualTo(version(changed));
    assertThat(Meta.resourceVersion(cluster.get(MAPS))).isEqualTo(Meta.resourceVersion(changed));
  }

  @Test
  void writesNothingWhenNothingChanges() {
    JsonNode map = cluster.post(MAPS, "{metadata:{name:'a',labels:{x:'y'}},data:{k:'v'}}");
    var watch = cluster.watch(MAPS + "?resourceVersion=" + Meta.resourceVersion(map));
    assertThat(cluster.put(MAPS + "/a", map)).isSameAs(cluster.get(MAPS + "/a"));
    cluster.patch(MAPS + "/a", "{data:{k:'v'}}");
    cluster.put(MAPS + "/a", "{metadata:{name:'a',labels:{x:'y'},finalizers:[]},data:{k:'v'}}");
    assertThat(watch.events).isEmpty();
    assertThat(cluster.server.revision()).isEqualTo(version(map));
  }

  @Test
  void refusesStaleVersionsAndForeignUids() {
    JsonNode map = cluster.post(MAPS, "{metadata:{name:'a'}}");
    cluster.patch(MAPS + "/a", "{data:{k:'v'}}");
    StatusException stale = refusal(() -> cluster.put(MAPS + "/a", map));
    assertThat(stale.reason()).isEqualTo("Conflict");
    StatusException staleDeployment =
        refusal(
            () -> {
              JsonNode old = cluster.post(DEPLOYMENTS, DEPLOYMENT);
              cluster.patch(DEPLOYMENTS + "/d", "{spec:{replicas:2}}");
              cluster.put(DEPLOYMENTS + "/d", old);
            });
    assertThat(staleDeployment)
        .hasMessage(
            "Operation cannot be fulfilled on deployments.apps \"d\": the object has been"
                + " modified; please apply your changes to the latest version and try again");
    StatusException foreign =
        refusal(() -> cluster.patch(MAPS + "/a", "{metadata:{uid:'somebody-else'}}"));
    assertThat(foreign.code()).isEqualTo(409);
    assertThat(foreign).hasMessageContaining("UID in precondition: somebody-else");
  }

  @Test
  void keepsWhatTheServerOwns() {
    JsonNode map = cluster.post(MAPS, "{metadata:{name:'a'}}");
    JsonNode changed =
        cluster.put(
            MAPS + "/a",
            "{metadata:{name:'a',creationTimestamp:'2001-01-01T00:00:00Z',generation:7,"
                + "selfLink:'/x'},data:{k:'v'}}");
    JsonNode metadata = changed.path("metadata");
    assertThat(Meta.uid(changed)).isEqualTo(Meta.uid(map));
    assertThat(metadata.path("creationTimestamp").asText()).isEqualTo("2026-11-20T10:00:00Z");
    assertThat(metadata.has("selfLink")).isFalse();
    assertThat(metadata.has("generation")).isFalse();
  }

  @Test
  void beginsNoDeletionByAnUpdate() {
    cluster.post(MAPS, "{metadata:{name:'a',finalizers:['example.com/a']}}");
    String deleted = "{metadata:{name:'a',deletionTimestamp:'2001-01-01T00:00:00Z'}}";
    assertThatThrownBy(() -> cluster.put(MAPS + "/a", deleted))
        .hasMessageContaining("metadata.deletionTimestamp")
        .hasMessageContaining("field is immutable");
    cluster.delete(MAPS + "/a");
    assertThat(
            cluster
                .put(MAPS + "/a", "{metadata:{name:'a',finalizers:['example.com/a']},data:{k:'v'}}")
                .path("metadata")
                .path("deletionTimestamp")
                .asText())
        .isEqualTo("2026-11-20T10:00:00Z");
  }

  @Test
  void raisesTheGenerationOnlyWithTheDesiredState() {
    assertThat(Meta.generation(cluster.post(DEPLOYMENTS, DEPLOYMENT))).isOne();
    assertThat(Meta.generation(cluster.patch(DEPLOYMENTS + "/d", "{metadata:{labels:{x:'y'}}}")))
        .isOne();
    assertThat(
            Meta.generation(
                cluster.patch(
                    DEPLOYMENTS + "/d/status", "{status:{replicas:3},spec:{replicas:9}}")))
        .isOne();
    assertThat(
            Meta.generation(cluster.patch(DEPLOYMENTS + "/d", "{metadata:{annotations:{x:'y'}}}")))
        .isEqualTo(2);
    JsonNode scaled = cluster.patch(DEPLOYMENTS + "/d", "{spec:{replicas:2},status:{replicas:0}}");
    assertThat(Meta.generation(scaled)).isEqualTo(3);
    assertThat(scaled.path("status").path("replicas").asInt()).isEqualTo(3);
    assertThat(scaled.path("spec").path("replicas").asInt()).isEqualTo(2);
  }

  @Test
  void checksOwnersFinalizersAndLabels() {
    StatusException two =
        refusal(
            () ->
                cluster.post(
                    MAPS,
                    "{metadata:{name:'a',ownerReferences:["
                        + "{apiVersion:'apps/v1',kind:'K',name:'n',uid:'1',controller:true},"
                        + "{apiVersion:'apps/v1',kind:'K',name:'m',uid:'2',controller:true}]}}"));
    assertThat(two)
        .hasMessageContaining(
            "Only one reference can have Controller set to true. Found \"true\" in references for"
                + " K/n and K/m");
    StatusException both =
        refusal(
            () ->
                cluster.post(
                    MAPS, "{metadata:{name:'a',finalizers:['orphan','foregroundDeletion']}}"));
    assertThat(both)
        .hasMessageContaining("finalizers orphan and foregroundDeletion cannot be both set");
    assertThat(refusal(() -> cluster.post(MAPS, "{metadata:{name:'a',finalizers:['a b']}}")).code())
        .isEqualTo(422);
    assertThat(
            refusal(
                    () ->
                        cluster.post(
                            MAPS, "{metadata:{name:'a',labels:{a:'-'},ownerReferences:[{}]}}"))
                .status()
                .path("details")
                .path("causes"))
        .hasSize(5);
  }

  @Test
  void neverChangesATreeItHasHandedOut() {
    JsonNode first = cluster.post(DEPLOYMENTS, DEPLOYMENT);
    String before = first.toString();
    cluster.patch(DEPLOYMENTS + "/d", "{spec:{replicas:2}}");
    cluster.patch(DEPLOYMENTS + "/d/status", "{status:{replicas:3}}");
    JsonNode last = cluster.get(DEPLOYMENTS + "/d");
    assertThat(first.toString()).isEqualTo(before);
    assertThat(last.path("spec").path("template")).isSameAs(first.path("spec").path("template"));
  }
}
