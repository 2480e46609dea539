package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Discovery, OpenAPI, tables and metadata only. Confined to the test's thread. */
abstract class DiscoveryTests extends ContractTests {

  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  private static final String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  private static final String PARTIAL =
      "application/json;as=PartialObjectMetadata%s;v=v1;g=meta.k8s.io";

  DiscoveryTests(ApiServerContract contract) {
    super(contract);
  }

  @Test
  @DisplayName("A14.1 version, health and the old discovery")
  void describesItself() {
    assertThat(api.get("/version").is(200).text("/gitVersion")).startsWith("v1.");
    for (String path : List.of("/healthz", "/livez", "/readyz")) {
      assertThat(api.get(path).is(200).text()).isEqualTo("ok");
    }
    assertThat(api.get("/readyz?verbose").text()).contains("[+]ping ok");
    Answer core = api.get("/api").is(200);
    assertThat(core.text("/kind")).isEqualTo("APIVersions");
    assertThat(Api.strings(core.at("/versions"))).containsExactly("v1");
    Answer groups = api.get("/apis").is(200);
    assertThat(groups.text("/kind")).isEqualTo("APIGroupList");
    List<String> names = new ArrayList<>();
    groups.at("/groups").forEach(group -> names.add(group.path("name").asText()));
    assertThat(names)
        .contains("apps", "batch", "autoscaling", "rbac.authorization.k8s.io")
        .containsSubsequence("apps", "events.k8s.io", "autoscaling", "batch", "policy");
    assertThat(api.get("/apis/apps").is(200).text("/preferredVersion/groupVersion"))
        .isEqualTo("apps/v1");
  }

  @Test
  @DisplayName(
      "A14.1, A14.3, A14.4 resources have scope, kind, verbs, short names and subresources")
  void listsResources() {
    Answer core = api.get("/api/v1").is(200);
    assertThat(core.text("/kind")).isEqualTo("APIResourceList");
    assertThat(core.text("/groupVersion")).isEqualTo("v1");
    JsonNode pods = resource(core, "pods");
    assertThat(pods.path("kind").asText()).isEqualTo("Pod");
    assertThat(pods.path("singularName").asText()).isEqualTo("pod");
    assertThat(pods.path("namespaced").asBoolean()).isTrue();
    assertThat(Api.strings(pods.path("shortNames"))).containsExactly("po");
    assertThat(Api.strings(pods.path("categories"))).containsExactly("all");
    assertThat(Api.strings(pods.path("verbs")))
        .containsExactly(
            "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    assertThat(Api.strings(resource(core, "namespaces").path("verbs")))
        .doesNotContain("deletecollection");
    assertThat(resource(core, "namespaces").path("namespaced").asBoolean()).isFalse();
    assertThat(Api.strings(resource(core, "pods/status").path("verbs")))
        .containsExactly("get", "patch", "update");
    JsonNode eviction = resource(core, "pods/eviction");
    assertThat(eviction.path("group").asText()).isEqualTo("policy");
    assertThat(eviction.path("version").asText()).isEqualTo("v1");
    assertThat(eviction.path("kind").asText()).isEqualTo("Eviction");
    JsonNode scale = resource(api.get("/apis/apps/v1"), "deployments/scale");
    assertThat(scale.path("group").asText()).isEqualTo("autoscaling");
    assertThat(scale.path("kind").asText()).isEqualTo("Scale");
  }

  private static JsonNode resource(Answer list, String name) {
    for (JsonNode resource : list.at("/resources")) {
      if (resource.path("name").asText().equals(name)) {
        return resource;
      }
    }
    throw new AssertionError("no resource " + name);
  }

  @Test
  @DisplayName("A14.2, A18.8 aggregated discovery says everything at once, with an ETag")
  void aggregates() {
    Answer all = api.get("/apis", "Accept", AGGREGATED + ",application/json").is(200);
    assertThat(all.text("/kind")).isEqualTo("APIGroupDiscoveryList");
    assertThat(all.text("/apiVersion")).isEqualTo("apidiscovery.k8s.io/v2");
    assertThat(all.header("Content-Type"))
        .contains("g=apidiscovery.k8s.io")
        .contains("v=v2")
        .contains("as=APIGroupDiscoveryList");
    JsonNode apps = null;
    for (JsonNode group : all.at("/items")) {
      apps = group.at("/metadata/name").asText().equals("apps") ? group : apps;
    }
    assertThat(apps).isNotNull();
    JsonNode version = Json.read(String.valueOf(apps)).at("/versions/0");
    assertThat(version.path("freshness").asText()).isEqualTo("Current");
    assertThat(version.at("/resources/0/resource").asText()).isNotEmpty();
    assertThat(version.at("/resources/0/responseKind/kind").asText()).isNotEmpty();
    String tag = all.header("ETag");
    assertThat(tag).isNotEmpty();
    api.get("/apis", "Accept", AGGREGATED, "If-None-Match", tag).is(304);
    api.get("/api", "Accept", AGGREGATED).is(200);
  }

  @Test
  @DisplayName("A14.5 OpenAPI v3 has an index, and a document for each group")
  void servesOpenApi3() {
    Answer index = api.get("/openapi/v3").is(200);
    for (String group : List.of("api/v1", "apis/apps/v1", "apis/batch/v1")) {
      String url = index.at("/paths").path(group).path("serverRelativeURL").asText();
      assertThat(url).as(group).startsWith("/openapi/v3/" + group + "?hash=");
      Answer document = api.get(url).is(200);
      assertThat(document.text("/openapi")).startsWith("3.");
      assertThat(document.at("/components/schemas").isEmpty()).isFalse();
    }
  }

  @Test
  @DisplayName("A14.5 built-in kinds are explained: description, type and fields of each")
  void explainsBuiltInKinds() {
    JsonNode schemas = api.get("/openapi/v3/apis/apps/v1").is(200).at("/components/schemas");
    JsonNode deployment = schemas.path("io.k8s.api.apps.v1.Deployment");
    assertThat(deployment.at("/x-kubernetes-group-version-kind/0"))
        .isEqualTo(Json.read("{group:'apps',kind:'Deployment',version:'v1'}"));
    JsonNode spec = schemas.path("io.k8s.api.apps.v1.DeploymentSpec");
    assertThat(spec.at("/properties/replicas/type").asText()).isEqualTo("integer");
    assertThat(spec.at("/properties").has("template")).isTrue();
    assertThat(api.get("/openapi/v3/apis/apps/v1").at("/paths").isEmpty()).isFalse();
  }

  @Test
  @DisplayName("A14.5 OpenAPI v2 is JSON for who takes JSON")
  void servesOpenApi2() {
    Answer document =
        api.get(
            "/openapi/v2",
            "Accept",
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf;q=0.1,application/json");
    assertThat(document.is(200).text("/swagger")).isEqualTo("2.0");
  }

  @Test
  @DisplayName("A14.6 tables have columns and a row for each object")
  void showsTables() {
    api.create(core("pods"), pod("p"));
    Answer table = api.get(core("pods"), "Accept", TABLE).is(200);
    assertThat(table.text("/kind")).isEqualTo("Table");
    assertThat(table.text("/apiVersion")).isEqualTo("meta.k8s.io/v1");
    List<String> columns = new ArrayList<>();
    table.at("/columnDefinitions").forEach(column -> columns.add(column.path("name").asText()));
    assertThat(columns)
        .containsExactly(
            "Name",
            "Ready",
            "Status",
            "Restarts",
            "Age",
            "IP",
            "Node",
            "Nominated Node",
            "Readiness Gates");
    assertThat(table.text("/rows/0/cells/0")).isEqualTo("p");
    assertThat(table.text("/rows/0/cells/1")).isEqualTo("0/1");
    assertThat(table.text("/rows/0/cells/2")).isEqualTo("Pending");
    assertThat(table.text("/rows/0/cells/6")).isEqualTo("<none>");
    assertThat(table.text("/rows/0/object/kind")).isEqualTo("PartialObjectMetadata");
    assertThat(
            api.get(core("pods?includeObject=None"), "Accept", TABLE)
                .at("/rows/0/object")
                .isObject())
        .isFalse();
    assertThat(
            api.get(core("pods?includeObject=Object"), "Accept", TABLE).text("/rows/0/object/kind"))
        .isEqualTo("Pod");
  }

  @Test
  @DisplayName("A14.6 a watch of tables sends the columns once")
  void watchesTables() {
    String version = api.get(core("secrets")).version();
    try (EventStream watch =
        api.watch(core("secrets?watch=1&resourceVersion=" + version), "Accept", TABLE)) {
      api.create(core("secrets"), named("a"));
      api.create(core("secrets"), named("b"));
      JsonNode first = watch.nextChange().path("object");
      assertThat(first.path("kind").asText()).isEqualTo("Table");
      assertThat(first.path("columnDefinitions").isEmpty()).isFalse();
      assertThat(first.at("/rows/0/cells/0").asText()).isEqualTo("a");
      assertThat(watch.nextChange().at("/object/columnDefinitions").isEmpty()).isTrue();
    }
  }

  @Test
  @DisplayName("A14.6 metadata alone is served to get, list, watch, patch and delete")
  void reducesToMetadata() {
    api.create(core("secrets"), "{metadata:{name:'a',labels:{k:'v'}},stringData:{x:'y'}}");
    Answer one = api.get(core("secrets/a"), "Accept", PARTIAL.formatted("")).is(200);
    assertThat(one.text("/kind")).isEqualTo("PartialObjectMetadata");
    assertThat(one.text("/apiVersion")).isEqualTo("meta.k8s.io/v1");
    assertThat(one.text("/metadata/labels/k")).isEqualTo("v");
    assertThat(one.at("/data").isMissingNode()).isTrue();
    Answer list = api.get(core("secrets"), "Accept", PARTIAL.formatted("List")).is(200);
    assertThat(list.text("/kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(list.names()).containsExactly("a");
    try (EventStream watch = api.watch(core("secrets?watch=1"), "Accept", PARTIAL.formatted(""))) {
      JsonNode event = watch.nextChange();
      assertThat(event.at("/object/kind").asText()).isEqualTo("PartialObjectMetadata");
      assertThat(event.at("/object").has("data")).isFalse();
    }
    Answer patched =
        api.raw(
            "PATCH",
            core("secrets/a"),
            "{\"metadata\":{\"labels\":{\"k\":\"w\"}}}",
            "Content-Type",
            Api.MERGE,
            "Accept",
            PARTIAL.formatted(""));
    assertThat(patched.is(200).text("/kind")).isEqualTo("PartialObjectMetadata");
  }

  private static final String COLUMNS =
      """
      /apis/apps/v1/deployments|Ready,Up-to-date,Available,Age|Containers,Images,Selector
      /apis/apps/v1/replicasets|Desired,Current,Ready,Age|Containers,Images,Selector
      /api/v1/replicationcontrollers|Desired,Current,Ready,Age|Containers,Images,Selector
      /apis/apps/v1/daemonsets|Desired,Current,Ready,Up-to-date,Available,Node Selector,Age|\
      Containers,Images,Selector
      /apis/apps/v1/statefulsets|Ready,Age|Containers,Images
      /apis/batch/v1/jobs|Status,Completions,Duration,Age|Containers,Images,Selector
      /apis/batch/v1/cronjobs|Schedule,Timezone,Suspend,Active,Last Schedule,Age|\
      Containers,Images,Selector
      /api/v1/services|Type,Cluster-IP,External-IP,Port(s),Age|Selector
      /api/v1/endpoints|Endpoints,Age|
      /apis/discovery.k8s.io/v1/endpointslices|AddressType,Ports,Endpoints,Age|
      /apis/networking.k8s.io/v1/ingresses|Class,Hosts,Address,Ports,Age|
      /api/v1/nodes|Status,Roles,Age,Version|\
      Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime
      /api/v1/namespaces|Status,Age|
      /api/v1/secrets|Type,Data,Age|
      /api/v1/configmaps|Data,Age|
      /api/v1/serviceaccounts|Secrets,Age|
      /api/v1/persistentvolumes|Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,\
      VolumeAttributesClass,Reason,Age|VolumeMode
      /api/v1/persistentvolumeclaims|Status,Volume,Capacity,Access Modes,StorageClass,\
      VolumeAttributesClass,Age|VolumeMode
      /apis/storage.k8s.io/v1/storageclasses|Provisioner,ReclaimPolicy,VolumeBindingMode,\
      AllowVolumeExpansion,Age|
      /apis/storage.k8s.io/v1/volumeattachments|Attacher,PV,Node,Attached,Age|
      /apis/autoscaling/v2/horizontalpodautoscalers|\
      Reference,Targets,MinPods,MaxPods,Replicas,Age|
      /apis/policy/v1/poddisruptionbudgets|\
      Min Available,Max Unavailable,Allowed Disruptions,Age|
      /api/v1/resourcequotas|Request,Limit,Age|
      /apis/certificates.k8s.io/v1/certificatesigningrequests|\
      Age,SignerName,Requestor,RequestedDuration,Condition|
      /apis/coordination.k8s.io/v1/leases|Holder,Age|
      /apis/apps/v1/controllerrevisions|Controller,Revision,Age|
      /apis/rbac.authorization.k8s.io/v1/rolebindings|Role,Age|Users,Groups,ServiceAccounts
      /apis/rbac.authorization.k8s.io/v1/clusterroles|Created At|
      /apis/scheduling.k8s.io/v1/priorityclasses|Value,Global-Default,Age,PreemptionPolicy|
      /apis/networking.k8s.io/v1/servicecidrs|CIDRs,Age|
      /apis/networking.k8s.io/v1/ipaddresses|ParentRef|
      """;

  @Test
  @DisplayName("A14.8 each kind has its columns, some of them only when a table is wide")
  void hasColumnsForEachKind() {
    for (String line : COLUMNS.lines().toList()) {
      String[] part = line.split("\\|", -1);
      Answer table = api.get(part[0] + "?limit=1", "Accept", TABLE).is(200);
      assertThat(columns(table, 0)).as(part[0]).isEqualTo("Name," + part[1]);
      assertThat(columns(table, 1)).as(part[0]).isEqualTo(part[2]);
    }
    Answer events = api.get("/api/v1/events?limit=1", "Accept", TABLE).is(200);
    assertThat(columns(events, 0)).isEqualTo("Last Seen,Type,Reason,Object,Message");
    assertThat(columns(events, 1)).isEqualTo("Subobject,Source,First Seen,Count,Name");
  }

  private static String columns(Answer table, int priority) {
    List<String> names = new ArrayList<>();
    for (JsonNode column : table.at("/columnDefinitions")) {
      if (column.path("priority").asInt() == priority) {
        names.add(column.path("name").asText());
      }
    }
    return String.join(",", names);
  }

  @Test
  @DisplayName("A14.7 the status of a pod is what holds it up or what ended it")
  void sumsUpPods() {
    api.create(
        core("pods"),
        "{metadata:{name:'gated'},spec:{schedulingGates:[{name:'example.com/g'}],"
            + "containers:[{name:'c',image:'i'}]}}");
    assertThat(cell("pods", "gated", 2)).isEqualTo("SchedulingGated");
    api.create(core("pods"), pod("p"));
    run("p");
    status("p", "{reason:'Evicted'}");
    assertThat(cell("pods", "p", 2)).isEqualTo("Evicted");
    status(
        "p", "{reason:null,containerStatuses:[" + container("waiting:{reason:'BadImage'}") + "]}");
    assertThat(cell("pods", "p", 2)).isEqualTo("BadImage");
    status("p", "{containerStatuses:[" + container("terminated:{exitCode:3}") + "]}");
    assertThat(cell("pods", "p", 2)).isEqualTo("ExitCode:3");
    status("p", "{containerStatuses:[" + container("terminated:{exitCode:1,signal:9}") + "]}");
    assertThat(cell("pods", "p", 2)).isEqualTo("Signal:9");
    api.delete(core("pods/p")).is(200);
    assertThat(cell("pods", "p", 2)).isEqualTo("Terminating");
    api.create(
        core("pods"),
        "{metadata:{name:'init'},spec:{schedulerName:'contract',"
            + "initContainers:[{name:'c',image:'i'}],containers:[{name:'d',image:'i'}]}}");
    status(
        "init",
        "{initContainerStatuses:[" + container("waiting:{reason:'PodInitializing'}") + "]}");
    assertThat(cell("pods", "init", 2)).isEqualTo("Init:0/1");
  }

  @Test
  @DisplayName("A14.7 what is empty or not set is shown so, and nodes say when they take no pods")
  void showsWhatIsNotSet() {
    api.create(core("services"), "{metadata:{name:'s'},spec:{clusterIP:'None',ports:[{port:80}]}}");
    assertThat(cell("services", "s", 3)).isEqualTo("<none>");
    assertThat(cell("services", "s", 6)).isEqualTo("<none>");
    api.create(
        in("batch/v1", "cronjobs"),
        "{metadata:{name:'c'},spec:{schedule:'0 * * * *',jobTemplate:{spec:{template:{spec:{"
            + "restartPolicy:'Never',containers:[{name:'c',image:'i'}]}}}}}}");
    Answer cron = api.get(in("batch/v1", "cronjobs/c"), "Accept", TABLE);
    assertThat(cron.text("/rows/0/cells/2")).isEqualTo("<none>");
    api.create("/api/v1/nodes", "{metadata:{name:'" + ns + "'},spec:{unschedulable:true}}");
    Answer node = api.get("/api/v1/nodes/" + ns, "Accept", TABLE);
    assertThat(node.text("/rows/0/cells/1")).isEqualTo("Unknown,SchedulingDisabled");
    assertThat(node.text("/rows/0/cells/2")).isEqualTo("<none>");
    api.delete("/api/v1/nodes/" + ns).is(200);
  }

  private static String container(String state) {
    return "{name:'c',image:'i',imageID:'',ready:false,restartCount:0,state:{" + state + "}}";
  }

  private void status(String pod, String status) {
    api.merge(core("pods/" + pod + "/status"), "{status:" + status + "}").is(200);
  }

  private String cell(String resource, String name, int column) {
    return api.get(core(resource + "/" + name), "Accept", TABLE).text("/rows/0/cells/" + column);
  }
}
