package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an object has that nobody wrote. Confined to the test's thread. */
abstract class DefaultTests extends ContractTests {

  DefaultTests(ApiServerContract contract) {
    super(contract);
  }

  /** Holds that the tree has everything that is expected, at any depth. */
  private static void has(JsonNode actual, String expected) {
    has(actual, Json.read(expected), "");
  }

  private static void has(JsonNode actual, JsonNode expected, String where) {
    if (expected.isObject() && !expected.isEmpty()) {
      expected
          .properties()
          .forEach(e -> has(actual.path(e.getKey()), e.getValue(), where + "/" + e.getKey()));
    } else {
      assertThat(actual).as(where).isEqualTo(expected);
    }
  }

  private static final String JOB_TEMPLATE =
      "{spec:{restartPolicy:'Never',containers:[{name:'c',image:'i'}]}}";

  private static String spec(String name) {
    return "{metadata:{name:'"
        + name
        + "'},spec:{selector:{matchLabels:{app:'"
        + name
        + "'}},template:"
        + template(name)
        + "}}";
  }

  @Test
  @DisplayName("A12.1, A12.2, A18.9 deployments and replica sets")
  void completesDeployments() {
    has(
        api.create(in("apps/v1", "deployments"), spec("d")).body(),
        "{spec:{replicas:1,revisionHistoryLimit:10,progressDeadlineSeconds:600,"
            + "strategy:{type:'RollingUpdate',"
            + "rollingUpdate:{maxSurge:'25%',maxUnavailable:'25%'}}}}");
    has(api.create(in("apps/v1", "replicasets"), spec("r")).body(), "{spec:{replicas:1}}");
  }

  @Test
  @DisplayName("A12.2 replication controllers take selector and labels from the template")
  void completesReplicationControllers() {
    has(
        api.create(
                core("replicationcontrollers"),
                "{metadata:{name:'r'},spec:{template:" + template("r") + "}}")
            .body(),
        "{metadata:{labels:{app:'r'}},spec:{replicas:1,selector:{app:'r'}}}");
  }

  @Test
  @DisplayName("A12.3, A12.4 stateful sets and daemon sets")
  void completesSets() {
    ObjectNode set = (ObjectNode) Json.read(spec("s"));
    child(set, "spec")
        .set(
            "volumeClaimTemplates",
            Json.read(
                "[{metadata:{name:'v'},spec:{accessModes:['ReadWriteOnce'],"
                    + "resources:{requests:{storage:'1Gi'}}}}]"));
    Answer stateful = api.create(in("apps/v1", "statefulsets"), set.toString());
    has(
        stateful.body(),
        "{spec:{replicas:1,podManagementPolicy:'OrderedReady',revisionHistoryLimit:10,"
            + "updateStrategy:{type:'RollingUpdate',rollingUpdate:{partition:0}},"
            + "persistentVolumeClaimRetentionPolicy:{whenDeleted:'Retain',whenScaled:'Retain'}}}");
    has(
        stateful.at("/spec/volumeClaimTemplates/0"),
        "{spec:{volumeMode:'Filesystem'},status:{phase:'Pending'}}");
    has(
        api.create(in("apps/v1", "daemonsets"), spec("d")).body(),
        "{spec:{revisionHistoryLimit:10,"
            + "updateStrategy:{type:'RollingUpdate',"
            + "rollingUpdate:{maxUnavailable:1,maxSurge:0}}}}");
  }

  @Test
  @DisplayName("A12.5 jobs get counts, policies, labels and a selector of their own")
  void completesJobs() {
    Answer job =
        api.create(
            in("batch/v1", "jobs"), "{metadata:{name:'j'},spec:{template:" + JOB_TEMPLATE + "}}");
    String labels =
        "'job-name':'j','batch.kubernetes.io/job-name':'j','controller-uid':'"
            + job.uid()
            + "','batch.kubernetes.io/controller-uid':'"
            + job.uid()
            + "'";
    has(
        job.body(),
        "{spec:{parallelism:1,completions:1,backoffLimit:6,completionMode:'NonIndexed',"
            + "suspend:false,manualSelector:false,podReplacementPolicy:'TerminatingOrFailed',"
            + "selector:{matchLabels:{'batch.kubernetes.io/controller-uid':'"
            + job.uid()
            + "'}},template:{metadata:{labels:{"
            + labels
            + "}}}}}");
    Answer parallel =
        api.create(
            in("batch/v1", "jobs"),
            "{metadata:{name:'k'},spec:{parallelism:3,template:" + JOB_TEMPLATE + "}}");
    assertThat(parallel.at("/spec/completions").isMissingNode()).isTrue();
  }

  @Test
  @DisplayName("A12.6 cron jobs and autoscalers")
  void completesCronJobsAndAutoscalers() {
    has(
        api.create(
                in("batch/v1", "cronjobs"),
                "{metadata:{name:'c'},spec:{schedule:'* * * * *',jobTemplate:{spec:{template:"
                    + JOB_TEMPLATE
                    + "}}}}")
            .body(),
        "{spec:{concurrencyPolicy:'Allow',suspend:false,successfulJobsHistoryLimit:3,"
            + "failedJobsHistoryLimit:1}}");
    Answer scaler =
        api.create(
            in("autoscaling/v2", "horizontalpodautoscalers"),
            "{metadata:{name:'h'},spec:{maxReplicas:3,"
                + "scaleTargetRef:{apiVersion:'apps/v1',kind:'Deployment',name:'d'}}}");
    has(scaler.body(), "{spec:{minReplicas:1}}");
    has(
        scaler.at("/spec/metrics/0"),
        "{type:'Resource',"
            + "resource:{name:'cpu',target:{type:'Utilization',averageUtilization:80}}}");
  }

  @Test
  @DisplayName("A12.8 pods and containers")
  void completesPods() {
    Answer pod =
        api.create(
            core("pods"),
            "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i',"
                + "resources:{limits:{cpu:'1',memory:'1Gi'}},"
                + "livenessProbe:{httpGet:{port:80}}},{name:'d',image:'i:1'}]}}");
    has(
        pod.body(),
        "{spec:{restartPolicy:'Always',dnsPolicy:'ClusterFirst',terminationGracePeriodSeconds:30,"
            + "schedulerName:'default-scheduler',securityContext:{},enableServiceLinks:true},"
            + "status:{phase:'Pending',qosClass:'Burstable'},metadata:{generation:1}}");
    has(
        pod.at("/spec/containers/0"),
        "{imagePullPolicy:'Always',terminationMessagePath:'/dev/termination-log',"
            + "terminationMessagePolicy:'File',resources:{requests:{cpu:'1',memory:'1Gi'}},"
            + "livenessProbe:{timeoutSeconds:1,periodSeconds:10,successThreshold:1,"
            + "failureThreshold:3,httpGet:{path:'/',scheme:'HTTP'}}}");
    has(pod.at("/spec/containers/1"), "{imagePullPolicy:'IfNotPresent'}");
  }

  @Test
  @DisplayName("A12.8 quality of service and host ports")
  void rankPods() {
    has(api.create(core("pods"), pod("p")).body(), "{status:{qosClass:'BestEffort'}}");
    Answer guaranteed =
        api.create(
            core("pods"),
            "{metadata:{name:'q'},spec:{hostNetwork:true,containers:[{name:'c',image:'i',"
                + "ports:[{containerPort:80}],resources:{limits:{cpu:'1',memory:'1Gi'}}}]}}");
    has(guaranteed.body(), "{status:{qosClass:'Guaranteed'}}");
    has(guaranteed.at("/spec/containers/0/ports/0"), "{hostPort:80,protocol:'TCP'}");
  }

  @Test
  @DisplayName("A12.9 volumes")
  void completesVolumes() {
    JsonNode volumes =
        api.create(
                core("pods"),
                "{metadata:{name:'p'},spec:{containers:[{name:'c',image:'i'}],volumes:["
                    + "{name:'a',configMap:{name:'m'}},{name:'b',secret:{secretName:'s'}},"
                    + "{name:'c'},{name:'d',hostPath:{path:'/x'}},"
                    + "{name:'e',downwardAPI:{items:[]}},{name:'f',projected:{sources:[]}}]}}")
            .at("/spec/volumes");
    has(volumes.get(0), "{configMap:{defaultMode:420}}");
    has(volumes.get(1), "{secret:{defaultMode:420}}");
    has(volumes.get(2), "{emptyDir:{}}");
    has(volumes.get(3), "{hostPath:{type:''}}");
    has(volumes.get(4), "{downwardAPI:{defaultMode:420}}");
    has(volumes.get(5), "{projected:{defaultMode:420}}");
  }

  @Test
  @DisplayName("A12.10 storage kinds and secrets")
  void completesStorage() {
    has(api.create(core("secrets"), named("s")).body(), "{type:'Opaque'}");
    has(
        api.create(
                "/api/v1/persistentvolumes",
                "{metadata:{name:'"
                    + ns
                    + "'},spec:{accessModes:['ReadWriteOnce'],capacity:{storage:'1Gi'},"
                    + "hostPath:{path:'/x'}}}")
            .body(),
        "{spec:{persistentVolumeReclaimPolicy:'Retain',volumeMode:'Filesystem'},"
            + "status:{phase:'Pending'}}");
    has(
        api.create(
                core("persistentvolumeclaims"),
                "{metadata:{name:'c'},spec:{accessModes:['ReadWriteOnce'],"
                    + "resources:{requests:{storage:'1Gi'}}}}")
            .body(),
        "{spec:{volumeMode:'Filesystem'},status:{phase:'Pending'}}");
    has(
        api.create(
                "/apis/storage.k8s.io/v1/storageclasses",
                "{metadata:{name:'" + ns + "'},provisioner:'example.com/x'}")
            .body(),
        "{reclaimPolicy:'Delete',volumeBindingMode:'Immediate'}");
    has(
        api.create(
                "/apis/storage.k8s.io/v1/csidrivers",
                "{metadata:{name:'" + ns + ".example.com'},spec:{}}")
            .body(),
        "{spec:{attachRequired:true,podInfoOnMount:false,storageCapacity:false,"
            + "requiresRepublish:false,seLinuxMount:false,"
            + "fsGroupPolicy:'ReadWriteOnceWithFSType',volumeLifecycleModes:['Persistent']}}");
  }

  @Test
  @DisplayName("A12.10 slices of endpoints and the two forms of a node's CIDR")
  void completesOthers() {
    has(
        api.create(
                in("discovery.k8s.io/v1", "endpointslices"),
                "{metadata:{name:'s'},addressType:'IPv4',endpoints:[],ports:[{port:80}]}")
            .at("/ports/0"),
        "{name:'',protocol:'TCP',port:80}");
    has(
        api.create("/api/v1/nodes", "{metadata:{name:'" + ns + "'},spec:{podCIDR:'10.9.0.0/24'}}")
            .body(),
        "{spec:{podCIDR:'10.9.0.0/24',podCIDRs:['10.9.0.0/24']}}");
    api.delete("/api/v1/nodes/" + ns).is(200);
  }
}
