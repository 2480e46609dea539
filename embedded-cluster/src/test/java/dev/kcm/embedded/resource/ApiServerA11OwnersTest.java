package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A11 owners of fields after plain writes")
class ApiServerA11OwnersTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Manager, operation, subresource and fields of each entry. */
  private static String owners(JsonNode object) {
    StringBuilder text = new StringBuilder();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      text.append(entry.path("manager").asText())
          .append(' ')
          .append(entry.path("operation").asText())
          .append(entry.path("subresource").asText("").isEmpty() ? "" : " status")
          .append(' ')
          .append(entry.path("fieldsV1"))
          .append('\n');
    }
    return text.toString();
  }

  @Test
  void aPodBelongsToItsCreatorAsOnARealServer() {
    JsonNode pod =
        cluster.post(
            PODS + "?fieldManager=kube-controller-manager",
            "{metadata:{generateName:'web-',labels:{app:'web'},ownerReferences:[{apiVersion:"
                + "'apps/v1',kind:'ReplicaSet',name:'web',uid:'u',controller:true}]},"
                + "spec:{containers:[{name:'c',image:'i'}]}}");
    assertThat(owners(pod))
        .isEqualTo(
            "kube-controller-manager Update {\"f:metadata\":{\"f:generateName\":{},\"f:labels\":"
                + "{\".\":{},\"f:app\":{}},\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":"
                + "\\\"u\\\"}\":{}}},\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":"
                + "{\".\":{},\"f:image\":{},\"f:imagePullPolicy\":{},\"f:name\":{},\"f:resources\":"
                + "{},\"f:terminationMessagePath\":{},\"f:terminationMessagePolicy\":{}}},"
                + "\"f:dnsPolicy\":{},\"f:enableServiceLinks\":{},\"f:restartPolicy\":{},"
                + "\"f:schedulerName\":{},\"f:securityContext\":{},"
                + "\"f:terminationGracePeriodSeconds\":{}}}\n");
  }

  @Test
  void whoChangesAFieldOwnsIt() {
    cluster.post(MAPS + "?fieldManager=one", "{metadata:{name:'a'},data:{x:'1',y:'1'}}");
    JsonNode changed = cluster.patch(MAPS + "/a?fieldManager=two", "{data:{y:'2'}}");
    assertThat(owners(changed))
        .isEqualTo(
            "one Update {\"f:data\":{\".\":{},\"f:x\":{}}}\ntwo Update"
                + " {\"f:data\":{\"f:y\":{}}}\n");
  }

  @Test
  void statusWritesAreOwnedApart() {
    cluster.post(
        PODS + "?fieldManager=one",
        "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}");
    JsonNode pod =
        cluster.patch(PODS + "/p/status?fieldManager=kubelet", "{status:{podIP:'10.0.0.1'}}");
    assertThat(owners(pod)).contains("kubelet Update status {\"f:status\":{\"f:podIP\":{}}}\n");
  }

  @Test
  void aWriteThatChangesNothingIsNone() {
    JsonNode created =
        cluster.post(MAPS + "?fieldManager=one", "{metadata:{name:'a'},data:{x:'1'}}");
    cluster.time.advance(Duration.ofHours(1));
    JsonNode again =
        cluster.put(MAPS + "/a?fieldManager=two", "{metadata:{name:'a'},data:{x:'1'}}");
    assertThat(again).isEqualTo(created);
    assertThat(cluster.put(MAPS + "/a?fieldManager=one", created)).isEqualTo(created);
  }

  @Test
  void anAppliedFieldConflictsWithItsPlainOwner() {
    cluster.post(MAPS + "?fieldManager=kubectl-create", "{metadata:{name:'a'},data:{x:'1'}}");
    StatusException refusal =
        Cluster.refusal(
            () ->
                cluster.send(
                    "PATCH",
                    MAPS + "/a?fieldManager=me",
                    Cluster.json(
                        "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'},data:{x:'2'}}"),
                    "application/apply-patch+yaml"));
    assertThat(refusal.status().path("message").asText())
        .isEqualTo(
            "Apply failed with 1 conflict: conflict with \"kubectl-create\" using v1: .data.x");
  }

  @Test
  void requestsWithoutManagerLeaveNoTrace() {
    JsonNode created = cluster.post(MAPS, "{metadata:{name:'a'},data:{x:'1'}}");
    assertThat(created.path("metadata").has("managedFields")).isFalse();
  }
}
