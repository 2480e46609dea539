package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Status, scale, binding, eviction, token and the others. Confined to the test's thread. */
abstract class SubresourceTests extends ContractTests {

  SubresourceTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A6.1, A18.5 status writes change status only, main writes anything but status")
  void keepsStatusApart() {
    String path = in("apps/v1", "deployments/d");
    api.create(in("apps/v1", "deployments"), deployment("d"));
    Answer answer =
        api.merge(path + "/status", "{spec:{replicas:9},status:{replicas:2,observedGeneration:1}}");
    assertThat(answer.is(200).at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(answer.at("/status/replicas").asInt()).isEqualTo(2);
    assertThat(api.get(path + "/status").is(200).body()).isEqualTo(api.get(path).body());

    ObjectNode main = copy(api.get(path));
    child(main, "status").put("replicas", 7);
    child(main, "spec").put("replicas", 3);
    Answer put = api.put(path, main).is(200);
    assertThat(put.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(put.at("/status/replicas").asInt()).isEqualTo(2);

    ObjectNode status = copy(put);
    child(status, "status").put("replicas", 3);
    child(status, "spec").put("replicas", 8);
    Answer written = api.put(path + "/status", status).is(200);
    assertThat(written.at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(written.at("/status/replicas").asInt()).isEqualTo(3);
    api.put(path + "/status", status).isRefusal(409, "Conflict");
  }

  @Test
  @DisplayName("A6.1 the status of services and claims takes metadata too")
  void takesMetadataInSomeStatuses() {
    api.create(core("services"), "{metadata:{name:'s'},spec:{ports:[{port:80}]}}");
    Answer service =
        api.merge(
            core("services/s/status"),
            "{metadata:{finalizers:['service.kubernetes.io/load-balancer-cleanup']}}");
    assertThat(Api.strings(service.is(200).at("/metadata/finalizers")))
        .containsExactly("service.kubernetes.io/load-balancer-cleanup");
    api.create(
        core("persistentvolumeclaims"),
        "{metadata:{name:'c'},spec:{accessModes:['ReadWriteOnce'],"
            + "resources:{requests:{storage:'1Gi'}}}}");
    Answer claim =
        api.merge(core("persistentvolumeclaims/c/status"), "{metadata:{annotations:{a:'b'}}}");
    assertThat(claim.is(200).text("/metadata/annotations/a")).isEqualTo("b");
  }

  @Test
  @DisplayName("A6.1 the status of a pod takes no owners, finalizers of others or specs")
  void guardsPodsInStatus() {
    Answer made = api.create(core("pods"), pod("p"));
    Answer answer =
        api.merge(
            core("pods/p/status"),
            "{metadata:{ownerReferences:[{apiVersion:'v1',kind:'K',name:'n',uid:'u'}]},"
                + "spec:{nodeName:'x'},status:{phase:'Running',qosClass:'Guaranteed'}}");
    if (answer.code() == 200) {
      assertThat(answer.at("/metadata/ownerReferences").isMissingNode()).isTrue();
      assertThat(answer.at("/spec/nodeName").isMissingNode()).isTrue();
      assertThat(answer.text("/status/qosClass")).isEqualTo(made.text("/status/qosClass"));
    } else {
      answer.isRefusal(422, "Invalid");
    }
  }

  @Test
  @DisplayName("A6.2 scale shows and changes the replicas of its parent")
  void scales() {
    String path = in("apps/v1", "deployments/d");
    Answer parent = api.create(in("apps/v1", "deployments"), deployment("d"));
    Answer scale = api.get(path + "/scale").is(200);
    assertThat(scale.text("/kind")).isEqualTo("Scale");
    assertThat(scale.text("/apiVersion")).isEqualTo("autoscaling/v1");
    assertThat(scale.uid()).isEqualTo(parent.uid());
    assertThat(scale.version()).isEqualTo(parent.version());
    assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(scale.text("/status/selector")).isEqualTo("app=d");

    ObjectNode wanted = copy(scale);
    child(wanted, "spec").put("replicas", 5);
    assertThat(api.put(path + "/scale", wanted).is(200).at("/spec/replicas").asInt()).isEqualTo(5);
    assertThat(api.get(path).at("/spec/replicas").asInt()).isEqualTo(5);
    assertThat(api.get(path).at("/metadata/generation").asInt()).isEqualTo(2);
    api.put(path + "/scale", wanted).isRefusal(409, "Conflict");
    api.merge(path + "/scale", "{spec:{replicas:-1}}").isRefusal(422, "Invalid");
    api.get(in("apps/v1", "deployments/none/scale")).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A6.2 replica sets, stateful sets and replication controllers scale too")
  void scalesOthers() {
    String spec = "{selector:{matchLabels:{app:'x'}},template:" + template("x") + "}";
    api.create(in("apps/v1", "replicasets"), "{metadata:{name:'x'},spec:" + spec + "}");
    api.create(in("apps/v1", "statefulsets"), "{metadata:{name:'x'},spec:" + spec + "}");
    api.create(
        core("replicationcontrollers"),
        "{metadata:{name:'x'},spec:{template:" + template("x") + "}}");
    for (String path :
        new String[] {
          in("apps/v1", "replicasets/x"),
          in("apps/v1", "statefulsets/x"),
          core("replicationcontrollers/x")
        }) {
      api.merge(path + "/scale", "{spec:{replicas:2}}").is(200);
      assertThat(api.get(path).at("/spec/replicas").asInt()).as(path).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("A6.3 a binding puts a pod on a node, once")
  void bindsOnce() {
    api.create(core("pods"), pod("p"));
    String binding = "{metadata:{name:'p',annotations:{a:'b'}},target:{kind:'Node',name:'n1'}}";
    Answer bound = api.create(core("pods/p/binding"), binding);
    assertThat(bound.text("/status")).isEqualTo("Success");
    Answer pod = api.get(core("pods/p"));
    assertThat(pod.text("/spec/nodeName")).isEqualTo("n1");
    assertThat(pod.text("/metadata/annotations/a")).isEqualTo("b");
    assertThat(condition(pod, "PodScheduled").path("status").asText()).isEqualTo("True");
    Answer refusal = api.post(core("pods/p/binding"), binding).isRefusal(409, "Conflict");
    assertThat(refusal.message()).contains("pods/binding").contains("\"p\"");
    api.post(core("pods/none/binding"), "{metadata:{name:'none'},target:{kind:'Node',name:'n1'}}")
        .isRefusal(404, "NotFound");
    api.create(core("pods"), pod("q"));
    api.create(core("bindings"), "{metadata:{name:'q'},target:{kind:'Node',name:'n2'}}");
    assertThat(api.get(core("pods/q")).text("/spec/nodeName")).isEqualTo("n2");
  }

  @Test
  @DisplayName("A6.3 a pod with scheduling gates cannot be bound")
  void keepsGatedPodsUnbound() {
    api.create(
        core("pods"),
        "{metadata:{name:'p'},spec:{schedulingGates:[{name:'example.com/g'}],"
            + "containers:[{name:'c',image:'i'}]}}");
    api.post(core("pods/p/binding"), "{metadata:{name:'p'},target:{kind:'Node',name:'n1'}}")
        .isRefusal(409, "Conflict");
  }

  private static JsonNode condition(Answer answer, String type) {
    for (JsonNode condition : answer.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    throw new AssertionError("no condition " + type + " in " + answer.text());
  }

  private static final String EVICTION =
      "{apiVersion:'policy/v1',kind:'Eviction',metadata:{name:'p'}}";

  private void budget(String name, int allowed, int observed) {
    api.create(
        in("policy/v1", "poddisruptionbudgets"),
        "{metadata:{name:'" + name + "'},spec:{minAvailable:1,selector:{matchLabels:{app:'x'}}}}");
    api.merge(
            in("policy/v1", "poddisruptionbudgets/" + name + "/status"),
            "{status:{observedGeneration:"
                + observed
                + ",disruptionsAllowed:"
                + allowed
                + ",currentHealthy:"
                + (1 + allowed)
                + ",desiredHealthy:1,expectedPods:2}}")
        .is(200);
  }

  private void runningPod() {
    api.create(core("pods"), pod("p", ",labels:{app:'x'}"));
    run("p");
  }

  @Test
  @DisplayName("A6.4 an eviction that a budget allows is charged to it")
  void chargesBudgets() {
    runningPod();
    budget("b", 1, 1);
    Answer evicted = api.create(core("pods/p/eviction"), EVICTION);
    assertThat(evicted.text("/status")).isEqualTo("Success");
    Answer pod = api.get(core("pods/p")).is(200);
    assertThat(pod.text("/metadata/deletionTimestamp")).isNotEmpty();
    JsonNode condition = condition(pod, "DisruptionTarget");
    assertThat(condition.path("reason").asText()).isEqualTo("EvictionByEvictionAPI");
    assertThat(condition.path("message").asText()).isEqualTo("Eviction API: evicting");
    Answer budget = api.get(in("policy/v1", "poddisruptionbudgets/b"));
    assertThat(budget.at("/status/disruptionsAllowed").asInt()).isZero();
    assertThat(budget.at("/status/disruptedPods").has("p")).isTrue();
  }

  @Test
  @DisplayName("A6.4, A7.5 an eviction that a budget forbids is TooManyRequests with a cause")
  void respectsBudgets() {
    runningPod();
    budget("b", 0, 1);
    Answer refusal = api.post(core("pods/p/eviction"), EVICTION).isRefusal(429, "TooManyRequests");
    assertThat(refusal.message())
        .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
    assertThat(refusal.text("/details/causes/0/reason")).isEqualTo("DisruptionBudget");
    assertThat(refusal.text("/details/causes/0/message"))
        .isEqualTo("The disruption budget b needs 1 healthy pods and has 1 currently");
    assertThat(api.get(core("pods/p")).at("/metadata/deletionTimestamp").isMissingNode()).isTrue();
  }

  @Test
  @DisplayName("A6.4 a budget that its controller has not seen yet makes evictions wait")
  void waitsForBudgetsToBeSeen() {
    runningPod();
    budget("b", 1, 0);
    Answer refusal = api.post(core("pods/p/eviction"), EVICTION).isRefusal(429, "TooManyRequests");
    assertThat(refusal.text("/details/causes/0/message"))
        .isEqualTo("The disruption budget b is still being processed by the server.");
    assertThat(refusal.at("/details/retryAfterSeconds").asInt()).isEqualTo(10);
    assertThat(refusal.header("Retry-After")).isEqualTo("10");
  }

  @Test
  @DisplayName("A6.4 two budgets for one pod are an error")
  void refusesTwoBudgets() {
    runningPod();
    budget("b", 1, 1);
    budget("c", 1, 1);
    Answer refusal = api.post(core("pods/p/eviction"), EVICTION).is(500);
    assertThat(refusal.message())
        .isEqualTo(
            "This pod has more than one PodDisruptionBudget,"
                + " which the eviction subresource does not support.");
  }

  @Test
  @DisplayName("A6.4 the older version of an eviction is taken as well")
  void takesTheOlderVersion() {
    runningPod();
    api.create(core("pods/p/eviction"), EVICTION.replace("policy/v1", "policy/v1beta1"));
    assertThat(api.get(core("pods/p")).text("/metadata/deletionTimestamp")).isNotEmpty();
  }

  @Test
  @DisplayName("A6.4 pods without budget, waiting pods and missing pods")
  void evictsWithoutBudget() {
    api.create(core("pods"), pod("p", ",labels:{app:'x'}"));
    budget("b", 0, 1);
    api.create(core("pods/p/eviction"), EVICTION);
    api.get(core("pods/p")).isRefusal(404, "NotFound");
    api.post(core("pods/p/eviction"), EVICTION).isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A6.5 ephemeral containers are only added")
  void addsEphemeralContainers() {
    api.create(core("pods"), pod("p"));
    String path = core("pods/p/ephemeralcontainers");
    Answer added =
        api.patch(Api.STRATEGIC, path, "{spec:{ephemeralContainers:[{name:'e',image:'i:1'}]}}");
    assertThat(added.is(200).text("/spec/ephemeralContainers/0/name")).isEqualTo("e");
    assertThat(added.at("/metadata/generation").asInt()).isEqualTo(2);
    api.merge(path, "{spec:{ephemeralContainers:[]}}").isRefusal(422, "Invalid");
  }

  @Test
  @DisplayName("A6.5 resize changes resources and nothing else")
  void resizes() {
    api.create(
        core("pods"),
        "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',"
            + "resources:{requests:{cpu:'100m'}}}]}}");
    run("p");
    String path = core("pods/p/resize");
    Answer resized =
        api.patch(
            Api.STRATEGIC,
            path,
            "{spec:{containers:[{name:'c',resources:{requests:{cpu:'200m'}}}]}}");
    assertThat(resized.is(200).text("/spec/containers/0/resources/requests/cpu")).isEqualTo("200m");
    assertThat(resized.at("/metadata/generation").asInt()).isEqualTo(2);
  }

  @Test
  @DisplayName("A6.6 a token for a service account is signed and has a time limit")
  void issuesTokens() {
    String path = core("serviceaccounts/default/token");
    Answer token = api.create(path, "{spec:{expirationSeconds:600}}");
    assertThat(token.text("/kind")).isEqualTo("TokenRequest");
    assertThat(token.at("/spec/expirationSeconds").asInt()).isEqualTo(600);
    assertThat(token.text("/status/expirationTimestamp")).isNotEmpty();
    JsonNode claims = claims(token);
    assertThat(claims.path("sub").asText()).isEqualTo("system:serviceaccount:" + ns + ":default");
    assertThat(claims.at("/kubernetes.io/namespace").asText()).isEqualTo(ns);
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(600);
    assertThat(api.post(path, "{spec:{expirationSeconds:60}}").isRefusal(422, "Invalid").message())
        .contains("may not specify a duration less than 10 minutes");
    api.post(core("serviceaccounts/none/token"), "{spec:{}}").isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A6.6 tokens are bound to a pod that is there, with its uid")
  void bindsTokens() {
    ObjectNode runs = (ObjectNode) Json.read(pod("p"));
    runs.withObject("/spec").put("serviceAccountName", "default");
    Answer pod = api.create(core("pods"), runs.toString());
    String path = core("serviceaccounts/default/token");
    String body = "{spec:{boundObjectRef:{kind:'Pod',apiVersion:'v1',name:'%s',uid:'%s'}}}";
    Answer token = api.create(path, body.formatted("p", pod.uid()));
    assertThat(claims(token).at("/kubernetes.io/pod/uid").asText()).isEqualTo(pod.uid());
    api.post(path, body.formatted("p", "other")).isRefusal(409, "Conflict");
    api.post(path, body.formatted("none", "")).isRefusal(404, "NotFound");
  }

  private static JsonNode claims(Answer token) {
    String middle = token.text("/status/token").split("\\.", -1)[1];
    return Json.read(
        new String(Base64.getUrlDecoder().decode(middle), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("A6.7 signing requests name who asked, and approval changes conditions only")
  void approvesSigningRequests() {
    String path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    Answer made = api.create(path, CsrText.body(ns));
    assertThat(made.text("/spec/username")).isNotEmpty().isNotEqualTo("mallory");
    Answer approved =
        api.put(
            path + "/" + ns + "/approval",
            ((ObjectNode) made.body().deepCopy())
                .set(
                    "status",
                    Json.read(
                        "{conditions:[{type:'Approved',status:'True',reason:'r',message:'m'}]}")));
    assertThat(condition(approved.is(200), "Approved").path("lastUpdateTime").asText())
        .isNotEmpty();
    Answer denied = api.merge(path + "/" + ns + "/approval", "{status:{conditions:[]}}");
    denied.isRefusal(422, "Invalid");
    api.merge(path + "/" + ns, "{spec:{usages:['server auth']}}");
    assertThat(Api.strings(api.get(path + "/" + ns).at("/spec/usages")))
        .containsExactly("client auth");
  }

  @Test
  @DisplayName("A18.15 unknown subresources are 404")
  void refusesUnknownSubresources() {
    api.create(core("configmaps"), named("a"));
    api.get(core("configmaps/a/status")).is(404);
    api.get(core("configmaps/a/nonsense")).is(404);
  }

  @Test
  @DisplayName("A6.8 finalize changes the finalizers of a namespace and nothing else")
  void finalizesOnly() {
    String path = "/api/v1/namespaces/" + ns;
    ObjectNode body = copy(api.get(path));
    child(body, "status").put("phase", "Terminating");
    child(body, "spec").putArray("finalizers").add("kubernetes").add("example.com/a");
    Answer answer = api.put(path + "/finalize", body).is(200);
    assertThat(answer.text("/status/phase")).isEqualTo("Active");
    assertThat(Api.strings(api.get(path).at("/spec/finalizers")))
        .containsExactlyInAnyOrder("kubernetes", "example.com/a");
    child(body, "metadata").remove("resourceVersion");
    child(body, "spec").putArray("finalizers").add("kubernetes");
    api.put(path + "/finalize", body).is(200);
  }

  @Test
  @DisplayName("A6.8 the status of nodes, volumes, quotas, budgets and jobs is written apart")
  void writesStatusOfOtherKinds() {
    api.create("/api/v1/nodes", named(ns));
    statusOnly(
        "/api/v1/nodes/" + ns,
        "{spec:{unschedulable:true},status:{conditions:[{type:'Ready',status:'True'}]}}",
        "/spec/unschedulable",
        "/status/conditions/0/type");
    api.create(
        "/api/v1/persistentvolumes",
        "{metadata:{name:'"
            + ns
            + "'},spec:{accessModes:['ReadWriteOnce'],capacity:{storage:'1Gi'},"
            + "hostPath:{path:'/x'}}}");
    statusOnly(
        "/api/v1/persistentvolumes/" + ns,
        "{spec:{mountOptions:['ro']},status:{phase:'Available'}}",
        "/spec/mountOptions",
        "/status/phase");
    api.create(core("resourcequotas"), "{metadata:{name:'q'},spec:{hard:{pods:'5'}}}");
    statusOnly(
        core("resourcequotas/q"),
        "{spec:{hard:{secrets:'1'}},status:{hard:{pods:'5'},used:{pods:'0'}}}",
        "/spec/hard/secrets",
        "/status/used/pods");
    api.create(in("policy/v1", "poddisruptionbudgets"), "{metadata:{name:'b'},spec:{}}");
    statusOnly(
        in("policy/v1", "poddisruptionbudgets/b"),
        "{spec:{minAvailable:1},status:{observedGeneration:1,disruptionsAllowed:1,"
            + "currentHealthy:1,desiredHealthy:1,expectedPods:1}}",
        "/spec/minAvailable",
        "/status/currentHealthy");
    api.create(
        in("batch/v1", "jobs"),
        "{metadata:{name:'j'},spec:{template:{spec:{restartPolicy:'Never',"
            + "containers:[{name:'c',image:'i'}]}}}}");
    statusOnly(
        in("batch/v1", "jobs/j"),
        "{spec:{activeDeadlineSeconds:5},status:{active:1,ready:0}}",
        "/spec/activeDeadlineSeconds",
        "/status/active");
    api.merge(in("batch/v1", "jobs/j/status"), "{status:{active:-1}}").isRefusal(422, "Invalid");
  }

  private void statusOnly(String path, String patch, String untouched, String written) {
    Answer answer = api.merge(path + "/status", patch).is(200);
    assertThat(answer.at(untouched).isMissingNode()).as(path + untouched).isTrue();
    assertThat(answer.at(written)).as(path + written).isEqualTo(Json.read(patch).at(written));
    assertThat(api.get(path).at(written)).isEqualTo(Json.read(patch).at(written));
  }
}
