package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A6 subresources")
class ApiServerA6SubresourceTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String SETS = "/apis/apps/v1/namespaces/default/replicasets";
  private static final String BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
  private static final String EVICTION =
      "{apiVersion:'policy/v1',kind:'Eviction',metadata:{name:'p'}}";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private void runningPod() {
    cluster.post(
        PODS,
        "{metadata:{name:'p',labels:{a:'b'}},spec:{nodeName:'n',containers:[{name:'c',image:'i'}]}}");
    cluster.patch(
        PODS + "/p/status", "{status:{phase:'Running',conditions:[{type:'Ready',status:'True'}]}}");
  }

  private void budget(String status) {
    cluster.post(
        BUDGETS, "{metadata:{name:'b'},spec:{minAvailable:1,selector:{matchLabels:{a:'b'}}}}");
    cluster.patch(BUDGETS + "/b/status", "{status:{" + status + "}}");
  }

  @Test
  void writesOnlyTheStatusOfAPod() {
    runningPod();
    JsonNode pod =
        cluster.patch(
            PODS + "/p/status",
            "{metadata:{labels:{x:'y'},ownerReferences:[{apiVersion:'v1',kind:'K',name:'n',uid:'u'}]},"
                + "spec:{nodeName:'other'},status:{phase:'Failed',qosClass:'Burstable'}}");
    assertThat(pod.path("spec").path("nodeName").asText()).isEqualTo("n");
    assertThat(pod.path("metadata").has("ownerReferences")).isFalse();
    assertThat(Meta.labels(pod)).containsEntry("x", "y");
    assertThat(pod.path("status").path("phase").asText()).isEqualTo("Failed");
    assertThat(pod.path("status").path("qosClass").asText()).isEqualTo("BestEffort");
  }

  @Test
  void refusesWhatNeedsContainersAndSaysWhy() {
    runningPod();

    StatusException refused = refusal(() -> cluster.get(PODS + "/p/log"));

    assertThat(refused.code()).isEqualTo(405);
    assertThat(refused)
        .hasMessage(
            "simulated nodes run no containers: there is nothing to log, to execute or to connect"
                + " to in pod \"p\" on node \"n\"");
    assertThat(refusal(() -> cluster.get(PODS + "/none/log")).code()).isEqualTo(404);
  }

  @Test
  void letsAPodChangeOnlyWhereItMay() {
    runningPod();
    StatusException moved = refusal(() -> cluster.patch(PODS + "/p", "{spec:{nodeName:'m'}}"));
    assertThat(moved)
        .hasMessageStartingWith(
            "Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than"
                + " `spec.containers[*].image`,`spec.initContainers[*].image`");
    assertThat(refusal(() -> cluster.patch(PODS + "/p", "{spec:{tolerations:[]}}")).code())
        .isEqualTo(422);
    JsonNode newer =
        cluster.patch(
            PODS + "/p",
            "{spec:{activeDeadlineSeconds:5,containers:[{name:'c',image:'j',imagePullPolicy:"
                + "'Always'}]}}");
    assertThat(newer.at("/spec/containers/0/image").asText()).isEqualTo("j");
    assertThat(Meta.generation(newer)).isEqualTo(2);
  }

  @Test
  void refusesSelectorsThatMissTheirTemplateOrChange() {
    String set =
        "{metadata:{name:'s'},spec:{selector:{matchLabels:{a:'%s'}},template:{metadata:{labels:"
            + "{a:'b'}},spec:{containers:[{name:'c',image:'i'}]}}}}";
    assertThat(refusal(() -> cluster.post(SETS, set.formatted("x"))))
        .hasMessage(
            "ReplicaSet.apps \"s\" is invalid: spec.template.metadata.labels: Invalid value:"
                + " {\"a\":\"b\"}: `selector` does not match template `labels`");
    cluster.post(SETS, set.formatted("b"));
    assertThat(
            refusal(
                () ->
                    cluster.patch(
                        SETS + "/s",
                        "{spec:{selector:{matchLabels:{a:'c'}},template:{metadata:{labels:"
                            + "{a:'c'}}}}}")))
        .hasMessage(
            "ReplicaSet.apps \"s\" is invalid: spec.selector: Invalid value:"
                + " {\"matchLabels\":{\"a\":\"c\"}}: field is immutable");
  }

  @Test
  void showsAndSetsTheScale() {
    JsonNode set =
        cluster.post(
            SETS,
            "{metadata:{name:'s'},spec:{replicas:0,selector:{matchLabels:{b:'c',a:'b'}},template:"
                + "{metadata:{labels:{a:'b',b:'c'}},spec:{containers:[{name:'c',image:'i'}]}}}}");
    JsonNode scale = cluster.get(SETS + "/s/scale");
    assertThat(scale.path("status").path("selector").asText()).isEqualTo("a=b,b=c");
    assertThat(scale.path("spec").isEmpty()).isTrue();
    JsonNode scaled = cluster.put(SETS + "/s/scale", Cluster.edit(scale, "{spec:{replicas:4}}"));
    assertThat(scaled.path("spec").path("replicas").asInt()).isEqualTo(4);
    JsonNode after = cluster.get(SETS + "/s");
    assertThat(after.path("spec").path("replicas").asInt()).isEqualTo(4);
    assertThat(Meta.generation(after)).isEqualTo(Meta.generation(set) + 1);
    assertThat(refusal(() -> cluster.put(SETS + "/s/scale", scale)).reason()).isEqualTo("Conflict");
    assertThat(
            refusal(
                    () ->
                        cluster.patch(
                            SETS + "/s/scale", "{metadata:{uid:'other'},spec:{replicas:1}}"))
                .code())
        .isEqualTo(409);
  }

  @Test
  void bindsAPodOnce() {
    cluster.post(PODS, "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}]}}");
    String binding =
        "{metadata:{name:'p',annotations:{x:'y'}},target:{apiVersion:'v1',kind:'Node',name:'n'}}";
    JsonNode status = cluster.post(PODS + "/p/binding", binding);
    assertThat(status.path("status").asText()).isEqualTo("Success");
    JsonNode pod = cluster.get(PODS + "/p");
    assertThat(pod.path("spec").path("nodeName").asText()).isEqualTo("n");
    assertThat(pod.at("/metadata/annotations/x").asText()).isEqualTo("y");
    assertThat(pod.at("/status/conditions/0/type").asText()).isEqualTo("PodScheduled");
    assertThat(refusal(() -> cluster.post(PODS + "/p/binding", binding)))
        .hasMessage(
            "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to"
                + " node \"n\"");
    assertThat(refusal(() -> cluster.post(PODS + "/p/binding", "{metadata:{name:'p'}}")).code())
        .isIn(400, 422);
  }

  @Test
  void evictsWithinTheBudget() {
    runningPod();
    budget("observedGeneration:1,disruptionsAllowed:1,currentHealthy:2,desiredHealthy:1");
    cluster.post(PODS + "/p/eviction", EVICTION);
    JsonNode pod = cluster.get(PODS + "/p");
    assertThat(Meta.isDeleting(pod)).isTrue();
    assertThat(pod.at("/status/conditions/1/reason").asText()).isEqualTo("EvictionByEvictionAPI");
    JsonNode status = cluster.get(BUDGETS + "/b").path("status");
    assertThat(status.path("disruptionsAllowed").asInt()).isZero();
    assertThat(status.path("disruptedPods").has("p")).isTrue();
    cluster.post(PODS + "/p/eviction", EVICTION);
  }

  @Test
  void refusesEvictionBeyondTheBudget() {
    runningPod();
    budget("observedGeneration:1,disruptionsAllowed:0,currentHealthy:1,desiredHealthy:1");
    StatusException refusal = refusal(() -> cluster.post(PODS + "/p/eviction", EVICTION));
    assertThat(refusal.code()).isEqualTo(429);
    assertThat(refusal)
        .hasMessage("Cannot evict pod as it would violate the pod's disruption budget.");
    assertThat(refusal.status().at("/details/causes/0/message").asText())
        .isEqualTo("The disruption budget b needs 1 healthy pods and has 1 currently");
    cluster.patch(BUDGETS + "/b", "{spec:{minAvailable:2}}");
    StatusException early = refusal(() -> cluster.post(PODS + "/p/eviction", EVICTION));
    assertThat(early.status().at("/details/retryAfterSeconds").asInt()).isEqualTo(10);
    assertThat(early.status().at("/details/causes/0/message").asText())
        .isEqualTo("The disruption budget b is still being processed by the server.");
  }

  @Test
  void evictsAnUnhealthyPodWhenTheOthersSuffice() {
    runningPod();
    cluster.patch(PODS + "/p/status", "{status:{conditions:[{type:'Ready',status:'False'}]}}");
    budget("observedGeneration:1,disruptionsAllowed:0,currentHealthy:1,desiredHealthy:1");
    cluster.post(PODS + "/p/eviction", EVICTION);
    assertThat(Meta.isDeleting(cluster.get(PODS + "/p"))).isTrue();
    assertThat(cluster.get(BUDGETS + "/b").at("/status/disruptionsAllowed").asInt()).isZero();
  }

  @Test
  void keepsApprovalAndStatusOfSigningRequestsApart() {
    String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    String pem =
        java.util.Base64.getEncoder()
            .encodeToString(
                "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    JsonNode request =
        cluster.post(
            requests,
            "{metadata:{name:'c'},spec:{username:'mallory',request:'"
                + pem
                + "',signerName:'example.com/x',usages:['client auth']}}");
    assertThat(request.path("spec").path("username").asText()).isEqualTo("system:apiserver");
    String approved = "{status:{conditions:[{type:'Approved',status:'True',reason:'R'}]}}";
    JsonNode unchanged = cluster.patch(requests + "/c/status", approved);
    assertThat(unchanged.path("status").path("conditions").isEmpty()).isTrue();
    JsonNode judged = cluster.patch(requests + "/c/approval", approved);
    assertThat(judged.at("/status/conditions/0/lastUpdateTime").asText())
        .isEqualTo("2026-11-20T10:00:00Z");
    JsonNode signed = cluster.patch(requests + "/c/status", "{status:{certificate:'Zm9v'}}");
    assertThat(signed.path("status").path("certificate").asText()).isEqualTo("Zm9v");
    assertThat(signed.at("/status/conditions/0/type").asText()).isEqualTo("Approved");
    assertThat(refusal(() -> cluster.patch(requests + "/c/approval", "{status:{conditions:null}}")))
        .hasMessageEndingWith(
            "status.conditions: Forbidden: updates may not remove a condition of type"
                + " \"Approved\"");
    JsonNode renamed =
        cluster.patch(
            requests + "/c", "{metadata:{labels:{x:'y'}},spec:{signerName:'example.com/z'}}");
    assertThat(renamed.path("spec")).isEqualTo(request.path("spec"));
  }
}
