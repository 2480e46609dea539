package dev.kcm.embedded.resource;

import static dev.kcm.embedded.resource.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A2 create, A5 namespaces, A7 errors, A12 defaults")
class ApiServerA2CreateTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void setsUidAndTimeItself() {
    JsonNode map =
        cluster.post(
            MAPS,
            "{metadata:{name:'a',uid:'mine',creationTimestamp:'2001-01-01T00:00:00Z',"
                + "deletionTimestamp:'2001-01-01T00:00:00Z',deletionGracePeriodSeconds:3}}");
    assertThat(Meta.uid(map))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(map.path("metadata").path("creationTimestamp").asText())
        .isEqualTo("2026-11-20T10:00:00Z");
    assertThat(Meta.isDeleting(map)).isFalse();
  }

  @Test
  void generatesNamesOfFiveSymbolsBehindACutBase() {
    JsonNode map = cluster.post(MAPS, "{metadata:{generateName:'x-'}}");
    assertThat(Meta.name(map)).matches("x-[bcdfghjklmnpqrstvwxz2456789]{5}");
    String base = "y".repeat(70);
    JsonNode cut = cluster.post(MAPS, "{metadata:{generateName:'" + base + "'}}");
    assertThat(Meta.name(cut)).hasSize(63).startsWith("y".repeat(58));
  }

  @Test
  void triesEightGeneratedNamesBeforeItGivesUp() {
    try (Cluster unlucky =
        new Cluster(
            builder ->
                builder.random(
                    new java.util.random.RandomGenerator() {
                      @Override
                      public long nextLong() {
                        return 0;
                      }
                    }))) {
      unlucky.post(MAPS, "{metadata:{generateName:'x-'}}");
      StatusException taken = refusal(() -> unlucky.post(MAPS, "{metadata:{generateName:'x-'}}"));
      assertThat(taken.reason()).isEqualTo("AlreadyExists");
      assertThat(taken.status().path("details").path("retryAfterSeconds").asInt()).isOne();
    }
  }

  @Test
  void storesNothingInADryRun() {
    JsonNode map = cluster.post(MAPS + "?dryRun=All", "{metadata:{name:'a'}}");
    assertThat(Meta.uid(map)).isNotEmpty();
    assertThat(map.path("metadata").has("resourceVersion")).isFalse();
    assertThat(refusal(() -> cluster.get(MAPS + "/a")).code()).isEqualTo(404);
  }

  @Test
  void completesPods() {
    JsonNode pod =
        cluster.post(
            PODS,
            "{metadata:{name:'p'},spec:{nodeName:'',containers:[{name:'c',image:'i:1',resources:"
                + "{limits:{cpu:'1',memory:'1Gi'}},ports:[{containerPort:80}],readinessProbe:"
                + "{httpGet:{port:80}}}],volumes:[{name:'v'},{name:'s',secret:{secretName:'x'}}]}}");
    JsonNode spec = pod.path("spec");
    JsonNode container = spec.path("containers").path(0);
    assertThat(container.path("imagePullPolicy").asText()).isEqualTo("IfNotPresent");
    assertThat(container.path("resources").path("requests").path("cpu").asText()).isEqualTo("1");
    assertThat(container.path("ports").path(0).path("protocol").asText()).isEqualTo("TCP");
    assertThat(container.path("readinessProbe").path("periodSeconds").asInt()).isEqualTo(10);
    assertThat(spec.path("restartPolicy").asText()).isEqualTo("Always");
    assertThat(spec.path("schedulerName").asText()).isEqualTo("default-scheduler");
    assertThat(spec.path("priority").asInt()).isZero();
    assertThat(spec.path("preemptionPolicy").asText()).isEqualTo("PreemptLowerPriority");
    assertThat(spec.path("tolerations")).hasSize(2);
    assertThat(spec.path("volumes").path(0).has("emptyDir")).isTrue();
    assertThat(spec.path("volumes").path(1).path("secret").path("defaultMode").asInt())
        .isEqualTo(420);
    assertThat(pod.path("status").path("phase").asText()).isEqualTo("Pending");
    assertThat(pod.path("status").path("qosClass").asText()).isEqualTo("Guaranteed");
    assertThat(Meta.generation(pod)).isOne();
  }

  @Test
  void completesWorkloads() {
    String template =
        "template:{metadata:{labels:{a:'b'}},spec:{restartPolicy:'%s',containers:[{name:'c',image:'i'}]}}";
    JsonNode rc =
        cluster.post(
            "/api/v1/namespaces/default/replicationcontrollers",
            "{metadata:{name:'r'},spec:{" + template.formatted("Always") + "}}");
    assertThat(rc.path("spec").path("replicas").asInt()).isOne();
    assertThat(rc.path("spec").path("selector").path("a").asText()).isEqualTo("b");
    assertThat(Meta.labels(rc)).containsEntry("a", "b");
    JsonNode deployment =
        cluster.post(
            "/apis/apps/v1/namespaces/default/deployments",
            "{metadata:{name:'d'},spec:{selector:{matchLabels:{a:'b'}},"
                + template.formatted("Always")
                + "}}");
    assertThat(deployment.path("spec").path("strategy").path("rollingUpdate").path("maxSurge"))
        .isEqualTo(Cluster.json("'25%'"));
    assertThat(deployment.path("spec").path("progressDeadlineSeconds").asInt()).isEqualTo(600);
    JsonNode job =
        cluster.post(
            "/apis/batch/v1/namespaces/default/jobs",
            "{metadata:{name:'j'},spec:{" + template.formatted("Never") + "}}");
    assertThat(job.path("spec").path("completions").asInt()).isOne();
    assertThat(job.path("spec").path("backoffLimit").asInt()).isEqualTo(6);
    assertThat(
            job.path("spec")
                .path("selector")
                .path("matchLabels")
                .path("batch.kubernetes.io/controller-uid"))
        .isEqualTo(job.path("metadata").path("uid"));
    assertThat(job.path("spec").path("template").path("metadata").path("labels").path("job-name"))
        .isEqualTo(job.path("metadata").path("name"));
  }

  @Test
  void acceptsWhatItAnsweredWithoutAChange() {
    String template =
        "template:{metadata:{labels:{a:'b'}},spec:{restartPolicy:'%s',containers:[{name:'c',image:'i'}]}}";
    String selected =
        "{metadata:{name:'x'},spec:{selector:{matchLabels:{a:'b'}},serviceName:'s',"
            + template.formatted("Always")
            + "}}";
    String[][] objects = {
      {"/apis/apps/v1/namespaces/default/deployments", selected.replace("serviceName:'s',", "")},
      {"/apis/apps/v1/namespaces/default/replicasets", selected.replace("serviceName:'s',", "")},
      {"/apis/apps/v1/namespaces/default/daemonsets", selected.replace("serviceName:'s',", "")},
      {"/apis/apps/v1/namespaces/default/statefulsets", selected},
      {
        "/apis/batch/v1/namespaces/default/jobs",
        "{metadata:{name:'x'},spec:{" + template.formatted("Never") + "}}"
      },
      {
        "/apis/batch/v1/namespaces/default/cronjobs",
        "{metadata:{name:'x'},spec:{schedule:'* * * * *',jobTemplate:{spec:{"
            + template.formatted("Never")
            + "}}}}"
      },
      {
        "/api/v1/namespaces/default/services",
        "{metadata:{name:'x'},spec:{type:'NodePort',ports:[{port:80}]}}"
      },
      {"/api/v1/namespaces/default/secrets", "{metadata:{name:'x'},stringData:{k:'v'}}"},
      {"/api/v1/nodes", "{metadata:{name:'x'},status:{capacity:{cpu:'4'}}}"},
      {"/api/v1/namespaces", "{metadata:{name:'x'}}"},
      {PODS, "{metadata:{name:'x'},spec:{containers:[{name:'c',image:'i'}]}}"},
      {
        "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
        "{metadata:{name:'x'},spec:{scaleTargetRef:{kind:'Deployment',name:'d'},maxReplicas:3,targetCPUUtilizationPercentage:50}}"
      },
    };
    for (String[] object : objects) {
      JsonNode created = cluster.post(object[0], object[1]);
      JsonNode again = cluster.put(object[0] + "/x", created);
      assertThat(Meta.resourceVersion(again))
          .as(object[0])
          .isEqualTo(Meta.resourceVersion(created));
      assertThat(again).as(object[0]).isEqualTo(created);
    }
  }

  @Test
  void convertsAutoscalersAndEventsBetweenVersions() {
    cluster.post(
        "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
        "{metadata:{name:'h'},spec:{scaleTargetRef:{kind:'Deployment',name:'d'},maxReplicas:3,"
            + "targetCPUUtilizationPercentage:50}}");
    JsonNode v2 = cluster.get("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/h");
    assertThat(v2.at("/spec/metrics/0/resource/target/averageUtilization").asInt()).isEqualTo(50);
    cluster.post(
        "/api/v1/namespaces/default/events",
        "{metadata:{name:'e'},involvedObject:{namespace:'default',name:'p'},message:'m',count:2}");
    JsonNode event = cluster.get("/apis/events.k8s.io/v1/namespaces/default/events/e");
    assertThat(event.path("note").asText()).isEqualTo("m");
    assertThat(event.path("regarding").path("name").asText()).isEqualTo("p");
    assertThat(event.path("deprecatedCount").asInt()).isEqualTo(2);
    assertThat(event.path("apiVersion").asText()).isEqualTo("events.k8s.io/v1");
  }

  @Test
  void assignsServiceAddressesAndPortsOnce() {
    String services = "/api/v1/namespaces/default/services";
    JsonNode web =
        cluster.post(services, "{metadata:{name:'web'},spec:{type:'NodePort',ports:[{port:80}]}}");
    String address = web.path("spec").path("clusterIP").asText();
    assertThat(address).matches("10\\.96\\.[0-9]+\\.[0-9]+");
    assertThat(web.path("spec").path("ports").path(0).path("nodePort").asInt())
        .isBetween(30086, 32767);
    StatusException taken =
        refusal(
            () ->
                cluster.post(
                    services,
                    "{metadata:{name:'two'},spec:{clusterIP:'" + address + "',ports:[{port:1}]}}"));
    assertThat(taken).hasMessageContaining("provided IP is already allocated");
    cluster.put(
        services + "/web", "{metadata:{name:'web'},spec:{type:'NodePort',ports:[{port:80}]}}");
    assertThat(Meta.resourceVersion(cluster.get(services + "/web")))
        .isEqualTo(Meta.resourceVersion(web));
    StatusException moved =
        refusal(() -> cluster.patch(services + "/web", "{spec:{clusterIP:'10.96.9.9'}}"));
    assertThat(moved).hasMessageContaining("may not change once set");
    cluster.delete(services + "/web");
    cluster.post(
        services, "{metadata:{name:'two'},spec:{clusterIP:'" + address + "',ports:[{port:1}]}}");
    JsonNode headless =
        cluster.post(services, "{metadata:{name:'h'},spec:{clusterIP:'None',selector:{a:'b'}}}");
    assertThat(headless.path("spec").path("clusterIP").asText()).isEqualTo("None");
  }

  @Test
  void reservesNothingForARefusedServiceUpdate() {
    String services = "/api/v1/namespaces/default/services";
    String exposed = "type:'NodePort',ports:[{port:80,nodePort:31000}";
    cluster.post(services, "{metadata:{name:'a'},spec:{ports:[{port:80}]}}");
    StatusException refusal =
        refusal(
            () -> cluster.patch(services + "/a", "{spec:{" + exposed + ",{name:'n',port:81}]}}"));
    assertThat(refusal).hasMessageContaining("spec.ports[0].name: Required value");
    JsonNode next = cluster.post(services, "{metadata:{name:'b'},spec:{" + exposed + "]}}");
    assertThat(next.at("/spec/ports/0/nodePort").asInt()).isEqualTo(31000);
  }

  @Test
  void keepsTheNamespacesOfEveryCluster() {
    assertThat(cluster.get("/api/v1/namespaces").path("items"))
        .extracting(Meta::name)
        .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
    JsonNode namespace = cluster.post("/api/v1/namespaces", "{metadata:{name:'n'}}");
    assertThat(namespace.path("spec").path("finalizers").path(0).asText()).isEqualTo("kubernetes");
    assertThat(namespace.path("status").path("phase").asText()).isEqualTo("Active");
    assertThat(Meta.labels(namespace)).containsEntry("kubernetes.io/metadata.name", "n");
    cluster.put(
        "/api/v1/namespaces/kube-node-lease/finalize",
        "{metadata:{name:'kube-node-lease'},spec:{finalizers:[]}}");
    cluster.delete("/api/v1/namespaces/kube-node-lease");
    assertThat(refusal(() -> cluster.get("/api/v1/namespaces/kube-node-lease")).code())
        .isEqualTo(404);
    cluster.time.advance(java.time.Duration.ofSeconds(61));
    assertThat(Meta.name(cluster.get("/api/v1/namespaces/kube-node-lease"))).isNotEmpty();
  }

  @Test
  void admitsPodsByPriorityClass() {
    cluster.post("/apis/scheduling.k8s.io/v1/priorityclasses", "{metadata:{name:'high'},value:7}");
    String pod =
        "{metadata:{name:'%s'},spec:{priorityClassName:'%s',containers:[{name:'c',image:'i'}]}}";
    assertThat(cluster.post(PODS, pod.formatted("a", "high")).path("spec").path("priority").asInt())
        .isEqualTo(7);
    assertThat(
            cluster
                .post(PODS, pod.formatted("b", "system-node-critical"))
                .path("spec")
                .path("priority")
                .asInt())
        .isEqualTo(2000001000);
    assertThat(refusal(() -> cluster.post(PODS, pod.formatted("c", "nope"))))
        .hasMessage("pods \"c\" is forbidden: no PriorityClass with name nope was found");
  }

  @Test
  void taintsNewNodesAndKeepsTheirFirstStatus() {
    JsonNode node =
        cluster.post("/api/v1/nodes", "{metadata:{name:'n'},status:{capacity:{cpu:4}}}");
    assertThat(node.path("spec").path("taints").path(0).path("key").asText())
        .isEqualTo("node.kubernetes.io/not-ready");
    assertThat(node.path("status").path("capacity").path("cpu").asText()).isEqualTo("4");
  }

  @Test
  void namesTheTypeAndTheFieldOfATypeError() {
    String deployments = "/apis/apps/v1/namespaces/default/deployments";
    assertThat(
            refusal(() -> cluster.post(deployments, "{metadata:{name:'d'},spec:{replicas:'x'}}")))
        .hasMessage(
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot"
                + " unmarshal string into Go struct field DeploymentSpec.spec.replicas of type"
                + " int32");
    assertThat(refusal(() -> cluster.post(MAPS, "{metadata:'x'}")))
        .hasMessageEndingWith("Go struct field ConfigMap.metadata of type v1.ObjectMeta");
    assertThat(
            refusal(
                () ->
                    cluster.post(
                        "/apis/coordination.k8s.io/v1/namespaces/default/leases",
                        "{metadata:{name:'l'},spec:{renewTime:'2026-01-01T00:00:00Z'}}")))
        .hasMessageEndingWith(
            "parsing time \"2026-01-01T00:00:00Z\" as \"2006-01-02T15:04:05.000000Z07:00\":"
                + " cannot parse \"Z\" as \".000000\"");
    assertThat(
            refusal(
                () ->
                    cluster.post(
                        PODS + "?fieldValidation=Strict",
                        "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',x:1}],y:2}}")))
        .hasMessageEndingWith(
            "strict decoding error: unknown field \"spec.containers[0].x\", unknown field"
                + " \"spec.y\"");
  }

  @Test
  void refusesUnknownPathsAndVerbs() {
    assertThat(refusal(() -> cluster.delete("/api/v1/namespaces")).code()).isEqualTo(405);
    assertThat(refusal(() -> cluster.post("/api/v1/pods", "{}")).code()).isEqualTo(405);
    assertThat(refusal(() -> cluster.get("/api/v1/namespaces/default/nodes")).code())
        .isEqualTo(404);
    assertThat(refusal(() -> cluster.get("/apis/nope.io/v1/foos")).reason()).isEqualTo("NotFound");
  }
}
