package dev.kcm.daemon.boot;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.LoggedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controllers with identities of their own, where only roles and bindings give rights. */
class AccountsIT {

  private static final String PREFIX = "system:serviceaccount:kube-system:";

  private static final Set<Verb> WRITES =
      Set.of(Verb.CREATE, Verb.UPDATE, Verb.PATCH, Verb.DELETE, Verb.DELETECOLLECTION);

  @TempDir Path directory;

  private TestBed bed;

  @BeforeEach
  void startCluster() throws Exception {
    bed =
        TestBed.in(
            directory,
            cluster ->
                cluster
                    .authorization(AuthorizationMode.RBAC)
                    .alphaApis(true)
                    .requestLog(100_000)
                    .nodes(1));
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("B4 each controller writes as its own service account, and nothing is denied")
  void writesAsServiceAccounts() throws Exception {
    Workload.create(bed);
    TestBed.Running daemon =
        bed.start(
            "--use-service-account-credentials",
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--terminated-pod-gc-threshold=1",
            "--feature-gates=DRADeviceTaints=true",
            "--allocate-node-cidrs",
            "--cluster-cidr=10.244.0.0/16",
            "--service-account-private-key-file=" + bed.pki("sa.key"),
            "--cluster-signing-cert-file=" + bed.pki("ca.pem"),
            "--cluster-signing-key-file=" + bed.pki("ca-key.pem"));
    deleteNamespace();
    askForToken();
    taintNode();
    taintDevice();

    TestBed.await()
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(written())
                    .contains(
                        "service-account-controller create serviceaccounts",
                        "endpoint-controller create endpoints",
                        "endpointslice-controller create endpointslices",
                        "endpointslicemirroring-controller create endpointslices",
                        "replication-controller create pods",
                        "replication-controller update replicationcontrollers/status",
                        "replicaset-controller create pods",
                        "replicaset-controller update replicasets/status",
                        "pod-garbage-collector delete pods",
                        "certificate-controller create subjectaccessreviews",
                        "certificate-controller update certificatesigningrequests/approval",
                        "certificate-controller update certificatesigningrequests/status",
                        "certificate-controller delete certificatesigningrequests",
                        "ttl-controller patch nodes",
                        "node-controller patch nodes",
                        "node-controller delete pods",
                        "device-taint-eviction-controller patch pods/status",
                        "device-taint-eviction-controller delete pods",
                        "namespace-controller deletecollection configmaps",
                        "namespace-controller update namespaces/finalize",
                        "root-ca-cert-publisher create configmaps",
                        "bootstrap-signer update configmaps",
                        "token-cleaner delete secrets"));
    assertThat(writesOfTheProcess())
        .as("what is done with the credentials of --kubeconfig")
        .isSubsetOf(
            "create leases",
            "update leases",
            "create events",
            "create serviceaccounts",
            "create serviceaccounts/token",
            "update secrets");
    assertThat(daemon.get("/metrics").body())
        .as("answers of the API server")
        .doesNotContain("code=\"401\"", "code=\"403\"");
    assertThat(accounts()).contains("ttl-controller", "certificate-controller", "token-cleaner");
  }

  private void deleteNamespace() throws Exception {
    bed.create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"gone\"}}");
    bed.create("/api/v1/namespaces/gone/configmaps", "{\"metadata\":{\"name\":\"left\"}}");
    bed.write("DELETE", "/api/v1/namespaces/gone", "", 200);
  }

  /** Token Secrets are filled with the credentials of the process, as upstream fills them. */
  private void askForToken() throws Exception {
    bed.create(
        "/api/v1/namespaces/kube-system/serviceaccounts", "{\"metadata\":{\"name\":\"asking\"}}");
    bed.create(
        "/api/v1/namespaces/kube-system/secrets",
        """
        {"metadata":{"name":"asked","annotations":{"kubernetes.io/service-account.name":"asking"}},
         "type":"kubernetes.io/service-account-token"}
        """);
  }

  /** A node that lets nobody stay, with a pod on it. */
  private void taintNode() throws Exception {
    String name = "unfriendly";
    bed.create(
        "/api/v1/nodes",
        """
        {"metadata":{"name":"%s"},"spec":{"taints":[{"key":"leave","effect":"NoExecute"}]}}
        """
            .formatted(name));
    bed.create(
        "/api/v1/namespaces/default/pods",
        """
        {"metadata":{"name":"unwelcome"},"spec":{"nodeName":"%s",
         "serviceAccountName":"default","automountServiceAccountToken":false,
         "containers":[{"name":"c","image":"i"}]}}
        """
            .formatted(name));
  }

  /** A device that nobody may go on using, with a pod that does, and the rule that says so. */
  private void taintDevice() throws Exception {
    bed.create(
        "/api/v1/namespaces/default/pods",
        """
        {"metadata":{"name":"computing"},"spec":{"nodeName":"elsewhere",
         "resourceClaims":[{"name":"gpu","resourceClaimName":"gpu"}],
         "serviceAccountName":"default","automountServiceAccountToken":false,
         "containers":[{"name":"c","image":"i"}]}}
        """);
    JsonNode pod = bed.readJson("/api/v1/namespaces/default/pods/computing");
    String claims = "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims";
    bed.create(claims, "{\"metadata\":{\"name\":\"gpu\"},\"spec\":{}}");
    ObjectNode claim = (ObjectNode) bed.readJson(claims + "/gpu");
    claim
        .withObject("/status")
        .withObject("/allocation/devices")
        .withArray("/results")
        .addObject()
        .put("driver", "gpu.example.com")
        .put("pool", "pool")
        .put("device", "gpu-1")
        .put("request", "r");
    claim
        .withArray("/status/reservedFor")
        .addObject()
        .put("resource", "pods")
        .put("name", "computing")
        .put("uid", pod.at("/metadata/uid").asText());
    bed.replace(claims + "/gpu/status", claim.toString());
    bed.create(
        "/apis/resource.k8s.io/v1/resourceslices",
        """
        {"metadata":{"name":"slice"},"spec":{"driver":"gpu.example.com","nodeName":"elsewhere",
         "pool":{"name":"pool","generation":1,"resourceSliceCount":1},"devices":[{"name":"gpu-1"}]}}
        """);
    bed.create(
        "/apis/resource.k8s.io/v1alpha3/devicetaintrules",
        """
        {"metadata":{"name":"recall"},"spec":{"taint":{"key":"recalled","effect":"NoExecute"},
         "deviceSelector":{"selectors":[{"cel":{"expression":"device.driver == 'gpu.example.com'"}}]}}}
        """);
  }

  @Test
  void endsWhenItMayNotMakeAccounts() throws Exception {
    String role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kube-controller-manager";
    ObjectNode reduced = (ObjectNode) bed.readJson(role);
    for (JsonNode rule : reduced.path("rules")) {
      if (rule.path("resources").toString().contains("serviceaccounts")) {
        ((ObjectNode) rule).putArray("resources").add("secrets");
      }
    }
    bed.replace(role, reduced.toString());

    TestBed.Running daemon = bed.start("--use-service-account-credentials", "--controllers=ttl");

    assertThat(daemon.daemon().end().get(40, TimeUnit.SECONDS)).isEqualTo(ExitCode.NO_CLIENT);
  }

  /** Account, verb and resource of each write of a service account. */
  private Set<String> written() {
    return writes()
        .filter(request -> request.user().startsWith(PREFIX))
        .map(
            request ->
                request.user().substring(PREFIX.length())
                    + " "
                    + request.verb().text()
                    + " "
                    + request.resource())
        .collect(toCollection(TreeSet::new));
  }

  private Set<String> writesOfTheProcess() {
    return writes()
        .filter(request -> request.user().equals("system:kube-controller-manager"))
        .map(request -> request.verb().text() + " " + request.resource())
        .collect(toCollection(TreeSet::new));
  }

  private Stream<LoggedRequest> writes() {
    return bed.cluster().server().requestLog().stream()
        .filter(request -> WRITES.contains(request.verb()));
  }

  private Set<String> accounts() throws Exception {
    Set<String> names = new TreeSet<>();
    bed.readJson("/api/v1/namespaces/kube-system/serviceaccounts")
        .path("items")
        .forEach(account -> names.add(account.at("/metadata/name").asText()));
    return names;
  }
}
