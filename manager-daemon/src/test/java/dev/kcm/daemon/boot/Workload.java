package dev.kcm.daemon.boot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Objects that give each controller something to write. */
final class Workload {

  private final TestBed bed;

  private Workload(TestBed bed) {
    this.bed = bed;
  }

  /** Creates the objects. */
  static void create(TestBed bed) throws Exception {
    new Workload(bed).create();
  }

  private void create() throws Exception {
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
