package dev.kcm.daemon.boot;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.LoggedRequest;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
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
            cluster -> cluster.authorization(AuthorizationMode.RBAC).requestLog(100_000).nodes(1));
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  @DisplayName("B4 each controller writes as its own service account, and nothing is denied")
  void writesAsServiceAccounts() throws Exception {
    giveEachControllerSomethingToDo();
    TestBed.Running daemon =
        bed.start(
            "--use-service-account-credentials",
            "--controllers=*,bootstrapsigner,tokencleaner",
            "--terminated-pod-gc-threshold=1",
            "--cluster-signing-cert-file=" + bed.pki("ca.pem"),
            "--cluster-signing-key-file=" + bed.pki("ca-key.pem"));

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
            "create serviceaccounts/token");
    assertThat(daemon.get("/metrics").body())
        .as("answers of the API server")
        .doesNotContain("code=\"401\"", "code=\"403\"");
    assertThat(accounts()).contains("ttl-controller", "certificate-controller", "token-cleaner");
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

  private void giveEachControllerSomethingToDo() throws Exception {
    bed.create("/api/v1/namespaces/default/services", service("chosen", "{\"app\":\"web\"}"));
    bed.create("/api/v1/namespaces/default/services", service("listed", "null"));
    bed.create(
        "/api/v1/namespaces/default/endpoints",
        """
        {"metadata":{"name":"listed"},
         "subsets":[{"addresses":[{"ip":"10.9.8.7"}],"ports":[{"port":80}]}]}
        """);
    String workload =
        """
        {"metadata":{"name":"%s"},"spec":{"replicas":1,"selector":%s,"template":{
          "metadata":{"labels":{"app":"%s"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """;
    bed.create(
        "/api/v1/namespaces/default/replicationcontrollers",
        workload.formatted("old", "{\"app\":\"old\"}", "old"));
    bed.create(
        "/apis/apps/v1/namespaces/default/replicasets",
        workload.formatted("new", "{\"matchLabels\":{\"app\":\"new\"}}", "new"));
    finishedPods();
    bootstrapTokens();
    certificateRequests();
  }

  private static String service(String name, String selector) {
    return """
        {"metadata":{"name":"%s"},"spec":{"selector":%s,"ports":[{"port":80}]}}
        """
        .formatted(name, selector);
  }

  private void finishedPods() throws Exception {
    for (String name : List.of("finished-1", "finished-2")) {
      String pods = "/api/v1/namespaces/default/pods";
      ObjectNode pod =
          object(
              bed.create(
                  pods,
                  """
                  {"metadata":{"name":"%s"},"spec":{"nodeName":"node-of-nobody",
                   "serviceAccountName":"default","automountServiceAccountToken":false,
                   "containers":[{"name":"c","image":"i"}]}}
                  """
                      .formatted(name)));
      pod.putObject("status").put("phase", "Succeeded");
      bed.replace(pods + "/" + name + "/status", pod.toString());
    }
  }

  private void bootstrapTokens() throws Exception {
    bed.create(
        "/api/v1/namespaces/kube-public/configmaps",
        """
        {"metadata":{"name":"cluster-info"},"data":{"kubeconfig":"apiVersion: v1\\nkind: Config\\n"}}
        """);
    for (String expiration : List.of("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z")) {
      String id = expiration.startsWith("2020") ? "abcdef" : "ghijkl";
      bed.create(
          "/api/v1/namespaces/kube-system/secrets",
          """
          {"metadata":{"name":"bootstrap-token-%1$s"},"type":"bootstrap.kubernetes.io/token",
           "stringData":{"token-id":"%1$s","token-secret":"0123456789abcdef","expiration":"%2$s",
            "usage-bootstrap-signing":"true","usage-bootstrap-authentication":"true"}}
          """
              .formatted(id, expiration));
    }
  }

  /** One that is approved and signed without a human, and one that was denied long ago. */
  private void certificateRequests() throws Exception {
    String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    String body =
        """
        {"metadata":{"name":"%s"},"spec":{"request":"%s","usages":["digital signature","client auth"],
         "signerName":"kubernetes.io/kube-apiserver-client-kubelet"}}
        """;
    String pem =
        Base64.getEncoder().encodeToString(signingRequest().getBytes(StandardCharsets.US_ASCII));
    bed.create(requests, body.formatted("wanted", pem));
    ObjectNode denied = object(bed.create(requests, body.formatted("denied", pem)));
    denied
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Denied")
        .put("status", "True")
        .put("lastUpdateTime", Instant.now().minus(Duration.ofHours(2)).toString());
    bed.replace(requests + "/denied/approval", denied.toString());
  }

  private static String signingRequest() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(
          new JcaPKCS10CertificationRequestBuilder(
                  new X500Principal("CN=system:node:node-1, O=system:nodes"), keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }
    return text.toString();
  }

  private static ObjectNode object(String json) throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(json);
  }
}
