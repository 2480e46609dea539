package dev.kcm.daemon.boot;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.access.Access;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.LoggedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Controllers with identities of their own, where only roles and bindings give rights. */
class AccountsIT {

  private static final String PREFIX = "system:serviceaccount:kube-system:";

  private static final Set<Verb> WRITES =
      Set.of(Verb.CREATE, Verb.UPDATE, Verb.PATCH, Verb.DELETE, Verb.DELETECOLLECTION);

  private static final Map<String, List<Access>> DECLARED =
      RbacManifests.ofAll().requestsByIdentity();

  private static final Set<String> IDENTITIES = DECLARED.keySet();

  private static final List<String> EXPECTED =
      List.of(
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
          "token-cleaner delete secrets");

  private static final List<String> CHANGES =
      List.of(
          "endpoint-controller update endpoints",
          "endpointslice-controller update endpointslices",
          "endpointslicemirroring-controller update endpointslices");

  private static final List<String> DELETIONS =
      List.of(
          "endpoint-controller delete endpoints",
          "endpointslicemirroring-controller delete endpointslices");

  /** Rights that this workload does not lead to, by how they end or begin, and what does. */
  private static final Map<String, String> RARE =
      Map.ofEntries(
          Map.entry("device-taint-eviction-controller ", "feature gates that are off here"),
          Map.entry(" signers", "asked for by the server when a request is approved or signed"),
          Map.entry("/finalizers", "asked for by an admission plugin that is off here"),
          Map.entry("/restricted", "asked for by an admission plugin that is off here"),
          Map.entry(" patch events", "an Event that comes again"),
          Map.entry("endpoint-controller create events", "a write that fails"),
          Map.entry("endpointslice-controller create events", "a write that fails"),
          Map.entry(
              "endpointslice-controller delete endpointslices", "endpoints that fit in fewer"),
          Map.entry("endpointslicemirroring-controller create events", "addresses left out"),
          Map.entry(" get replicasets", "an adoption, or a status write that fails"),
          Map.entry(" get replicationcontrollers", "an adoption, or a status write that fails"),
          Map.entry("replicaset-controller delete pods", "scaling down"),
          Map.entry("replication-controller delete pods", "scaling down"),
          Map.entry("replicaset-controller patch pods", "an adoption"),
          Map.entry("replication-controller patch pods", "an adoption"),
          Map.entry("root-ca-cert-publisher update configmaps", "somebody else's edit"),
          Map.entry("node-controller get nodes", "a node that was changed meanwhile"),
          Map.entry("node-controller update nodes/status", "a node that is lost"),
          Map.entry("node-controller update pods/status", "a node that is lost"),
          Map.entry("pod-garbage-collector get nodes", "a node that is gone for 40 s"),
          Map.entry("pod-garbage-collector patch pods/status", "a pod that has not ended"),
          Map.entry("namespace-controller delete *", "what cannot be deleted all at once"),
          Map.entry("legacy-service-account-token-cleaner get configmaps", "tokens a year old"),
          Map.entry("legacy-service-account-token-cleaner patch secrets", "tokens a year old"),
          Map.entry("legacy-service-account-token-cleaner delete secrets", "tokens a year old"));

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

  @ParameterizedTest
  @EnumSource
  @DisplayName("B4 each controller writes as its own service account, and nothing is denied")
  void nothingIsDenied(GivenRoles roles) throws Exception {
    Path kubeconfig = roles.applyTo(bed, directory);
    Workload.create(bed);
    TestBed.Running daemon =
        bed.start(
            "--kubeconfig=" + kubeconfig,
            "--authentication-kubeconfig=" + kubeconfig,
            "--authorization-kubeconfig=" + kubeconfig,
            "--use-service-account-credentials=" + roles.accountForEach(),
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
        .untilAsserted(() -> assertThat(done(roles)).containsAll(EXPECTED));
    changeServices(roles);
    assertThat(denials(daemon.get("/metrics").body()))
        .as("answers 401 and 403 that are not about a namespace on its way out")
        .isLessThanOrEqualTo(refusedByTheNamespace());
    if (roles.accountForEach()) {
      assertThat(writesOf(roles.process()))
          .as("what is done with the credentials of --kubeconfig")
          .isSubsetOf(
              "create leases",
              "update leases",
              "create events",
              "create serviceaccounts",
              "create serviceaccounts/token",
              "create subjectaccessreviews",
              "update secrets");
      assertThat(accounts()).contains("ttl-controller", "certificate-controller", "token-cleaner");
      assertThat(beyond()).as("requests that no controller of the identity declares").isEmpty();
      assertThat(unneeded()).as("declared, and neither needed here nor named as rare").isEmpty();
    } else {
      assertThat(users()).noneMatch(user -> !user.equals(roles.process()) && isAccount(user));
    }
  }

  /** Labels of a Service and of Endpoints change, and then they go. */
  private void changeServices(GivenRoles roles) throws Exception {
    String services = "/api/v1/namespaces/default/services/chosen";
    String endpoints = "/api/v1/namespaces/default/endpoints/listed";
    for (String path : List.of(services, endpoints)) {
      ObjectNode object = (ObjectNode) bed.readJson(path);
      object.withObject("/metadata/labels").put("changed", "true");
      bed.replace(path, object.toString());
    }
    TestBed.await().untilAsserted(() -> assertThat(done(roles)).containsAll(CHANGES));
    bed.write("DELETE", services, "", 200);
    bed.write("DELETE", endpoints, "", 200);
    TestBed.await().untilAsserted(() -> assertThat(done(roles)).containsAll(DELETIONS));
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

  /** Identity, verb and resource of what was written, as far as the identity can be told. */
  private Set<String> done(GivenRoles roles) {
    return writes()
        .filter(request -> isAccount(request.user()))
        .flatMap(
            request ->
                (roles.accountForEach() ? Stream.of(account(request)) : IDENTITIES.stream())
                    .map(identity -> identity + " " + text(request)))
        .collect(toCollection(TreeSet::new));
  }

  private Set<String> writesOf(String user) {
    return writes()
        .filter(request -> request.user().equals(user))
        .map(AccountsIT::text)
        .collect(toCollection(TreeSet::new));
  }

  private Stream<LoggedRequest> writes() {
    return log().filter(request -> WRITES.contains(request.verb()));
  }

  private Stream<LoggedRequest> log() {
    return bed.cluster().server().requestLog().stream();
  }

  private Set<String> users() {
    return log().map(LoggedRequest::user).collect(toCollection(TreeSet::new));
  }

  /** What an identity asked for that none of its controllers declares. */
  private Set<String> beyond() {
    return log()
        .filter(request -> IDENTITIES.contains(account(request)))
        .filter(request -> DECLARED.get(account(request)).stream().noneMatch(covers(request)))
        .map(request -> account(request) + " " + text(request))
        .collect(toCollection(TreeSet::new));
  }

  private static Predicate<Access> covers(LoggedRequest request) {
    ObjectKey key = new ObjectKey(request.namespace(), request.name());
    return access -> access.covers(request.verb().text(), access.group(), request.resource(), key);
  }

  /** What is declared and was never asked for. */
  private Set<String> unneeded() {
    Set<String> asked =
        log()
            .flatMap(
                request ->
                    Stream.of(text(request), request.verb().text() + " *")
                        .map(text -> account(request) + " " + text))
            .collect(toCollection(TreeSet::new));
    Set<String> unneeded = new TreeSet<>();
    DECLARED.forEach(
        (identity, accesses) -> {
          for (Access access : accesses) {
            for (Access.Grant grant : access.grants()) {
              for (String verb : grant.verbs()) {
                unneeded.add(identity + " " + verb + " " + access.resource());
              }
            }
          }
        });
    unneeded.removeAll(asked);
    unneeded.removeIf(AccountsIT::isRare);
    return unneeded;
  }

  /** How many answers of the API server refused something. */
  private static long denials(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.contains("code=\"401\"") || line.contains("code=\"403\""))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Who lacks a right does not get as far as this log; nothing can be created in a dying one. */
  private long refusedByTheNamespace() {
    return log()
        .filter(request -> request.code() == 403)
        .filter(request -> request.verb() == Verb.CREATE && request.namespace().equals("gone"))
        .count();
  }

  private static boolean isRare(String right) {
    return RARE.keySet().stream().anyMatch(rare -> right.endsWith(rare) || right.startsWith(rare));
  }

  private static boolean isAccount(String user) {
    return user.startsWith(PREFIX);
  }

  private static String account(LoggedRequest request) {
    return isAccount(request.user()) ? request.user().substring(PREFIX.length()) : "";
  }

  private static String text(LoggedRequest request) {
    return request.verb().text() + " " + request.resource();
  }

  private Set<String> accounts() throws Exception {
    Set<String> names = new TreeSet<>();
    bed.readJson("/api/v1/namespaces/kube-system/serviceaccounts")
        .path("items")
        .forEach(account -> names.add(account.at("/metadata/name").asText()));
    return names;
  }
}
