package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.testkit.contract.ContractServer.Capability;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Namespace life cycle and the admission plug-ins that are on by default. Confined to the test. */
abstract class AdmissionTests extends ContractTests {

  AdmissionTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A5.1 some namespaces may not be deleted")
  void keepsItsNamespaces() {
    for (String name : List.of("default", "kube-system", "kube-public")) {
      assertThat(api.delete("/api/v1/namespaces/" + name).isRefusal(403, "Forbidden").message())
          .isEqualTo("namespaces \"" + name + "\" is forbidden: this namespace may not be deleted");
    }
    api.get("/api/v1/namespaces/kube-node-lease").is(200);
  }

  @Test
  @DisplayName("A5.2 nothing is created without its namespace")
  void needsTheNamespace() {
    assertThat(
            api.post("/api/v1/namespaces/nonesuch/configmaps", named("a"))
                .isRefusal(404, "NotFound")
                .message())
        .isEqualTo("namespaces \"nonesuch\" not found");
    assertThat(api.get("/api/v1/namespaces/nonesuch/configmaps").is(200).names()).isEmpty();
  }

  @Test
  @DisplayName(
      "A5.2, A7.5, A18.6 a terminating namespace takes nothing new, with a cause that says why")
  void refusesNewContentInTerminatingNamespaces() {
    api.create(core("configmaps"), "{metadata:{name:'old',finalizers:['example.com/a']}}");
    api.delete("/api/v1/namespaces/" + ns).is(200);
    Answer refusal = api.post(core("configmaps"), named("a")).isRefusal(403, "Forbidden");
    assertThat(refusal.message())
        .isEqualTo(
            "configmaps \"a\" is forbidden: unable to create new content in namespace "
                + ns
                + " because it is being terminated");
    assertThat(refusal.text("/details/causes/0/reason")).isEqualTo("NamespaceTerminating");
    assertThat(refusal.text("/details/causes/0/field")).isEqualTo("metadata.namespace");
    assertThat(refusal.text("/details/causes/0/message"))
        .isEqualTo("namespace " + ns + " is being terminated");
    api.merge(core("configmaps/old"), "{data:{k:'v'}}").is(200);
    api.merge(core("configmaps/old"), "{metadata:{finalizers:null}}").is(200);
    api.delete(core("configmaps/old")).is(200);
  }

  @Test
  @DisplayName("A5.3 a new namespace has a finalizer, a phase and its name as a label")
  void preparesNamespaces() {
    Answer made = api.get("/api/v1/namespaces/" + ns);
    assertThat(Api.strings(made.at("/spec/finalizers"))).containsExactly("kubernetes");
    assertThat(made.text("/status/phase")).isEqualTo("Active");
    assertThat(made.text("/metadata/labels/kubernetes.io~1metadata.name")).isEqualTo(ns);
    api.merge("/api/v1/namespaces/" + ns, "{metadata:{labels:null}}").is(200);
    assertThat(
            api.get("/api/v1/namespaces/" + ns)
                .text("/metadata/labels/kubernetes.io~1metadata.name"))
        .isEqualTo(ns);
  }

  @Test
  @DisplayName("A5.5, A18.10 a pod runs as the account default, with a volume for its token")
  void givesPodsAnAccount() {
    needs(Capability.SERVICE_ACCOUNT_ADMISSION);
    Answer made = api.create(core("pods"), pod("p"));
    assertThat(made.text("/spec/serviceAccountName")).isEqualTo("default");
    String volume = made.text("/spec/volumes/0/name");
    assertThat(volume).matches("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}");
    JsonNode mount = made.at("/spec/containers/0/volumeMounts/0");
    assertThat(mount.path("name").asText()).isEqualTo(volume);
    assertThat(mount.path("mountPath").asText())
        .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
    assertThat(
            made.at("/spec/volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds")
                .asInt())
        .isEqualTo(3607);
    Answer without =
        api.create(
            core("pods"),
            "{metadata:{name:'q'},spec:{automountServiceAccountToken:false,"
                + "containers:[{name:'c',image:'i'}]}}");
    assertThat(without.at("/spec/volumes").isEmpty()).isTrue();
  }

  @Test
  @DisplayName("A5.5 a pod whose account is missing is forbidden")
  void refusesPodsWithoutAccount() {
    needs(Capability.SERVICE_ACCOUNT_ADMISSION);
    Answer refusal =
        api.post(
                core("pods"),
                "{metadata:{name:'p'},spec:{serviceAccountName:'none',"
                    + "containers:[{name:'c',image:'i'}]}}")
            .isRefusal(403, "Forbidden");
    assertThat(refusal.message())
        .contains(
            "error looking up service account " + ns + "/none: serviceaccount \"none\" not found");
  }

  @Test
  @DisplayName("A5.6 priorities come from their class; an unknown class is forbidden")
  void setsPriorities() {
    Answer plain = api.create(core("pods"), pod("p"));
    assertThat(plain.at("/spec/priority").asInt(-1)).isZero();
    assertThat(plain.text("/spec/preemptionPolicy")).isEqualTo("PreemptLowerPriority");
    api.create(
        "/apis/scheduling.k8s.io/v1/priorityclasses",
        "{metadata:{name:'" + ns + "'},value:1000,preemptionPolicy:'Never'}");
    String body =
        "{metadata:{name:'%s'},spec:{priorityClassName:'%s',containers:[{name:'c',image:'i'}]}}";
    Answer ranked = api.create(core("pods"), body.formatted("q", ns));
    assertThat(ranked.at("/spec/priority").asInt()).isEqualTo(1000);
    assertThat(ranked.text("/spec/preemptionPolicy")).isEqualTo("Never");
    assertThat(
            api.post(core("pods"), body.formatted("r", "none"))
                .isRefusal(403, "Forbidden")
                .message())
        .contains("no PriorityClass with name none was found");
  }

  @Test
  @DisplayName("A5.6 the built-in priority classes are there")
  void hasItsPriorityClasses() {
    String path = "/apis/scheduling.k8s.io/v1/priorityclasses/";
    assertThat(api.get(path + "system-cluster-critical").at("/value").asInt())
        .isEqualTo(2_000_000_000);
    assertThat(api.get(path + "system-node-critical").at("/value").asInt())
        .isEqualTo(2_000_001_000);
  }

  @Test
  @DisplayName("A5.7 pods tolerate nodes that are not ready or out of reach for five minutes")
  void addsTolerations() {
    assertThat(tolerations(api.create(core("pods"), pod("p"))))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/not-ready Exists NoExecute 300",
            "node.kubernetes.io/unreachable Exists NoExecute 300");
    Answer own =
        api.create(
            core("pods"),
            "{metadata:{name:'q'},spec:{tolerations:[{key:'node.kubernetes.io/not-ready',"
                + "operator:'Exists',effect:'NoExecute',tolerationSeconds:5}],"
                + "containers:[{name:'c',image:'i'}]}}");
    assertThat(tolerations(own))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/not-ready Exists NoExecute 5",
            "node.kubernetes.io/unreachable Exists NoExecute 300");
  }

  private static List<String> tolerations(Answer pod) {
    List<String> texts = new ArrayList<>();
    pod.at("/spec/tolerations")
        .forEach(
            t ->
                texts.add(
                    t.path("key").asText()
                        + " "
                        + t.path("operator").asText()
                        + " "
                        + t.path("effect").asText()
                        + " "
                        + t.path("tolerationSeconds").asText()));
    return texts;
  }

  @Test
  @DisplayName("A5.8 a new node is tainted until it is ready")
  void taintsNewNodes() {
    JsonNode taint = api.create("/api/v1/nodes", named(ns)).at("/spec/taints/0");
    assertThat(taint.path("key").asText()).isEqualTo("node.kubernetes.io/not-ready");
    assertThat(taint.path("effect").asText()).isEqualTo("NoSchedule");
    api.delete("/api/v1/nodes/" + ns).is(200);
  }

  @Test
  @DisplayName("A5.8 a claim gets the default storage class")
  void preparesClaims() {
    String classes = "/apis/storage.k8s.io/v1/storageclasses";
    api.create(
        classes,
        "{metadata:{name:'"
            + ns
            + "',annotations:{'storageclass.kubernetes.io/is-default-class':'true'}},"
            + "provisioner:'example.com/x'}");
    Answer claim =
        api.create(
            core("persistentvolumeclaims"),
            "{metadata:{name:'c'},spec:{accessModes:['ReadWriteOnce'],"
                + "resources:{requests:{storage:'1Gi'}}}}");
    assertThat(claim.text("/spec/storageClassName")).isEqualTo(ns);
    api.delete(classes + "/" + ns).is(200);
  }

  @Test
  @DisplayName("A5.8 claims and volumes are protected while they are in use")
  void protectsStorageInUse() {
    needs(Capability.STORAGE_IN_USE_PROTECTION);
    Answer claim =
        api.create(
            core("persistentvolumeclaims"),
            "{metadata:{name:'c'},spec:{accessModes:['ReadWriteOnce'],"
                + "resources:{requests:{storage:'1Gi'}}}}");
    assertThat(Api.strings(claim.at("/metadata/finalizers")))
        .containsExactly("kubernetes.io/pvc-protection");
    Answer volume =
        api.create(
            "/api/v1/persistentvolumes",
            "{metadata:{name:'"
                + ns
                + "'},spec:{accessModes:['ReadWriteOnce'],capacity:{storage:'1Gi'},"
                + "hostPath:{path:'/x'}}}");
    assertThat(Api.strings(volume.at("/metadata/finalizers")))
        .containsExactly("kubernetes.io/pv-protection");
  }

  @Test
  @DisplayName("A5.9, A18.14 a quota counts creates and refuses what exceeds it")
  void holdsQuotas() {
    api.create(
        core("resourcequotas"), "{metadata:{name:'q'},spec:{hard:{'count/secrets':'1',pods:'5'}}}");
    api.merge(
            core("resourcequotas/q/status"),
            "{status:{hard:{'count/secrets':'1',pods:'5'},used:{'count/secrets':'0',pods:'0'}}}")
        .is(200);
    api.create(core("secrets"), named("a"));
    assertThat(api.get(core("resourcequotas/q")).at("/status/used").path("count/secrets").asText())
        .isEqualTo("1");
    assertThat(api.post(core("secrets"), named("b")).isRefusal(403, "Forbidden").message())
        .isEqualTo(
            "secrets \"b\" is forbidden: exceeded quota: q, requested: count/secrets=1,"
                + " used: count/secrets=1, limited: count/secrets=1");
  }

  @Test
  @DisplayName("A5.9, A18.14 limit ranges give defaults and refuse what is too much")
  void holdsLimitRanges() {
    api.create(
        core("limitranges"),
        "{metadata:{name:'l'},spec:{limits:[{type:'Container',default:{cpu:'500m'},"
            + "defaultRequest:{cpu:'100m'},max:{cpu:'1'}}]}}");
    Answer made = api.create(core("pods"), pod("p"));
    assertThat(made.text("/spec/containers/0/resources/limits/cpu")).isEqualTo("500m");
    assertThat(made.text("/spec/containers/0/resources/requests/cpu")).isEqualTo("100m");
    assertThat(
            api.post(
                    core("pods"),
                    "{metadata:{name:'q'},spec:{containers:[{name:'c',image:'i',"
                        + "resources:{limits:{cpu:'2'}}}]}}")
                .isRefusal(403, "Forbidden")
                .message())
        .contains("maximum cpu usage per Container is 1, but limit is 2");
  }

  @Test
  @DisplayName("A5.4 plug-ins that are off by default change nothing and refuse nothing")
  void leavesOtherPluginsOff() {
    Answer made = api.create(core("pods"), pod("p"));
    assertThat(made.text("/spec/containers/0/imagePullPolicy")).isEqualTo("IfNotPresent");
    String owned =
        "{metadata:{name:'a',ownerReferences:[{apiVersion:'v1',kind:'Pod',name:'p',uid:'"
            + made.uid()
            + "',blockOwnerDeletion:true}]}}";
    String user = "user-" + ns;
    api.create(
        in("rbac.authorization.k8s.io/v1", "roles"),
        "{metadata:{name:'maps'},rules:[{apiGroups:[''],resources:['configmaps'],"
            + "verbs:['create']}]}");
    api.create(
        in("rbac.authorization.k8s.io/v1", "rolebindings"),
        "{metadata:{name:'maps'},roleRef:{apiGroup:'rbac.authorization.k8s.io',kind:'Role',"
            + "name:'maps'},subjects:[{kind:'User',apiGroup:'rbac.authorization.k8s.io',name:'"
            + user
            + "'}]}");
    api.post(core("configmaps"), owned, Api.as(user)).is(201);
  }

  @Test
  @DisplayName("A5.4 a pod gets the overhead of its runtime class, which must be there")
  void findsRuntimeClasses() {
    String body =
        "{metadata:{name:'%s'},spec:{runtimeClassName:'%s',containers:[{name:'c',image:'i'}]}}";
    assertThat(
            api.post(core("pods"), body.formatted("p", "none-" + ns))
                .isRefusal(403, "Forbidden")
                .message())
        .contains("pod rejected: RuntimeClass \"none-" + ns + "\" not found");
    api.create(
        "/apis/node.k8s.io/v1/runtimeclasses",
        "{metadata:{name:'"
            + ns
            + "'},handler:'x',overhead:{podFixed:{memory:'64Mi'}},"
            + "scheduling:{nodeSelector:{runtime:'x'}}}");
    Answer made = api.create(core("pods"), body.formatted("p", ns));
    assertThat(made.text("/spec/overhead/memory")).isEqualTo("64Mi");
    assertThat(made.text("/spec/nodeSelector/runtime")).isEqualTo("x");
  }
}
