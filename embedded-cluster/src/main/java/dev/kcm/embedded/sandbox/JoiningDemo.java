package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** A kubelet's way from a bootstrap token to its certificates: steps F1 to F7. */
final class JoiningDemo {

  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final String BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";
  private static final String INFO = "/api/v1/namespaces/kube-public/configmaps/cluster-info";
  private static final String GROUP = "system:bootstrappers:worker";

  private static final String JOINING = "join01";
  private static final String ENDING = "ends01";
  private static final String PASSWORD = "0123456789abcdef";

  private static final Duration PROMPT = Duration.ofSeconds(10);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LIFE = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final String SKIPPED =
      "\"Warning: skipping controller\""
          + " controller=\"certificatesigningrequest-signing-controller\"";

  private final Protocol protocol;
  private final Kube kube;
  private final Managers managers;
  private final Kube kubelet;

  JoiningDemo(Protocol protocol, Kube kube, Managers managers, Function<String, Kube> as) {
    this.protocol = protocol;
    this.kube = kube;
    this.managers = managers;
    this.kubelet = as.apply(JOINING + "." + PASSWORD);
  }

  /** Makes the tokens, one of which ends while the demo goes on. */
  void begin() throws IOException, InterruptedException {
    protocol.step("F6", "cluster-info is signed with tokens: to be continued");
    kube.create(
            "/api/v1/namespaces/kube-public/configmaps",
            Trees.of("{'metadata':{'name':'cluster-info'},'data':{'kubeconfig':'clusters: []'}}"))
        .ok();
    createToken(JOINING, "");
    createToken(ENDING, Instant.now().plus(LIFE).toString());
    Waiting.Seen<Boolean> signed = Waiting.until(PROMPT, () -> isSigned(ENDING), is -> is);
    protocol.equal("jws-kubeconfig-" + ENDING + " is there", true, signed.value());
  }

  void run() throws IOException, InterruptedException {
    waitsForAWord();
    isIssuedOnApproval();
    isApprovedByBinding();
    servingIsForHumans();
    nothingIsSignedWhileNobodyLeads();
    nothingIsSignedWithoutFiles();
    whatWaitedIsSigned();
    tokensEnd();
  }

  private void waitsForAWord() throws IOException, InterruptedException {
    protocol.step("F1", "A kubelet with a bootstrap token asks for a certificate");
    bind("joining", "system:node-bootstrapper");
    ask(KubeletRequest.client("by-hand"));
    JsonNode request = request("by-hand");
    protocol.equal(
        "requester", "system:bootstrap:" + JOINING, request.at("/spec/username").asText());
    protocol.equal("condition", "Pending", condition("by-hand"));
  }

  private void isIssuedOnApproval() throws IOException, InterruptedException {
    protocol.step("F2", "An approved request gets its certificate");
    approve("by-hand");
    Waiting.Seen<String> seen = awaitCondition("by-hand", "Approved,Issued");
    protocol.equal("condition", "Approved,Issued", seen.value());
    protocol.within("issued", Duration.ofSeconds(2), seen);
    X509Certificate certificate = certificate("by-hand");
    protocol.equal(
        "subject",
        "CN=system:node:worker,O=system:nodes",
        certificate.getSubjectX500Principal().getName());
    protocol.equal("certificate authority", -1, certificate.getBasicConstraints());
    protocol.equal("extended usages", List.of("1.3.6.1.5.5.7.3.2"), usages(certificate));
    Instant begin = certificate.getNotBefore().toInstant();
    Duration back = Duration.between(begin, Instant.now());
    protocol.check(
        "notBefore",
        "5 min back",
        back.toSeconds() + " s back",
        back.toSeconds() >= 300 && back.toSeconds() < 330);
    Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
    protocol.check(
        "life", "876000h, cut to that of the CA", life.toDays() + " days", life.toDays() <= 3650);
  }

  private static List<String> usages(X509Certificate certificate) throws IOException {
    try {
      return certificate.getExtendedKeyUsage();
    } catch (CertificateException e) {
      throw new IOException("a certificate with unreadable usages", e);
    }
  }

  private void isApprovedByBinding() throws IOException, InterruptedException {
    protocol.step("F3", "Who may have certificates of nodes needs no human");
    bind("node-clients", "system:certificates.k8s.io:certificatesigningrequests:nodeclient");
    ask(KubeletRequest.client("by-itself"));
    Waiting.Seen<String> seen = awaitCondition("by-itself", "Approved,Issued");
    protocol.equal("condition", "Approved,Issued", seen.value());
    JsonNode condition = request("by-itself").at("/status/conditions/0");
    protocol.equal("reason", "AutoApproved", condition.path("reason").asText());
    protocol.equal(
        "message",
        "Auto approving kubelet client certificate after SubjectAccessReview.",
        condition.path("message").asText());
  }

  private void servingIsForHumans() throws IOException, InterruptedException {
    protocol.step("F7", "Certificates of the kubelet's own port are never approved by themselves");
    // A kubelet that has joined asks as itself; the administrator stands in for it.
    kube.create(REQUESTS, KubeletRequest.serving("serving")).ok();
    protocol.equal("condition", "Pending", awaitChange("serving", "Pending"));
    approve("serving");
    protocol.equal(
        "condition", "Approved,Issued", awaitCondition("serving", "Approved,Issued").value());
  }

  private void nothingIsSignedWhileNobodyLeads() throws IOException, InterruptedException {
    protocol.step("F4", "While no manager runs, approved requests wait: to be continued");
    protocol.did("systemctl stop kube-controller-manager, on all masters");
    managers.all().forEach(ManagerProcess::terminate);
    for (ManagerProcess manager : managers.all()) {
      manager.awaitEnd(PROMPT);
    }
    for (String name : List.of("waits-1", "waits-2")) {
      ask(KubeletRequest.client(name));
      approve(name);
    }
    protocol.equal("condition", "Approved", awaitChange("waits-1", "Approved"));
  }

  /** The requests of F4 are still waiting, and no manager runs. */
  private void nothingIsSignedWithoutFiles() throws IOException, InterruptedException {
    protocol.step("F5", "Without signing files the controller is skipped, and nothing is issued");
    ManagerProcess manager = managers.all().get(0);
    protocol.did(
        "kube-controller-manager --cluster-signing-cert-file= --cluster-signing-key-file= ..");
    long before = manager.logged(SKIPPED);
    manager.start("--cluster-signing-cert-file=", "--cluster-signing-key-file=");
    Waiting.Seen<Boolean> skipped =
        Waiting.until(START, () -> manager.logged(SKIPPED) > before, is -> is);
    protocol.equal("its log says that the controller is skipped", true, skipped.value());
    protocol.equal("condition", "Approved", awaitChange("waits-1", "Approved"));
    manager.terminate();
    protocol.equal("it ends when told to", true, manager.awaitEnd(PROMPT));
  }

  private void whatWaitedIsSigned() throws IOException, InterruptedException {
    protocol.step("F4", "Managers that can sign are back, and so are the certificates");
    protocol.did("systemctl start kube-controller-manager, on all masters");
    for (ManagerProcess manager : managers.all()) {
      manager.start();
    }
    for (String name : List.of("waits-1", "waits-2")) {
      protocol.equal(
          "condition",
          "Approved,Issued",
          Waiting.until(START, () -> condition(name), "Approved,Issued"::equals).value());
    }
  }

  private void tokensEnd() throws IOException, InterruptedException {
    protocol.step("F6", "A token is deleted when it ends, and its signature goes with it");
    String path = SECRETS + "/bootstrap-token-" + ENDING;
    Waiting.Seen<Integer> gone =
        Waiting.until(LIFE.plus(PROMPT), () -> kube.get(path).code(), code -> code == 404);
    protocol.equal("kubectl get secret bootstrap-token-" + ENDING, 404, gone.value());
    Waiting.Seen<Boolean> signed = Waiting.until(PROMPT, () -> isSigned(ENDING), is -> !is);
    protocol.equal("jws-kubeconfig-" + ENDING + " is there", false, signed.value());
    protocol.equal("jws-kubeconfig-" + JOINING + " is there", true, isSigned(JOINING));
  }

  private void createToken(String id, String expiration) throws IOException, InterruptedException {
    ObjectNode secret =
        Trees.of(
            "{'metadata':{'name':'bootstrap-token-%s'},'type':'bootstrap.kubernetes.io/token'}"
                .formatted(id));
    ObjectNode data = secret.putObject("data");
    data.put("token-id", Trees.base64(id)).put("token-secret", Trees.base64(PASSWORD));
    data.put("usage-bootstrap-authentication", Trees.base64("true"));
    data.put("usage-bootstrap-signing", Trees.base64("true"));
    data.put("auth-extra-groups", Trees.base64(GROUP));
    if (!expiration.isEmpty()) {
      data.put("expiration", Trees.base64(expiration));
    }
    kube.create(SECRETS, secret).ok();
  }

  private void bind(String name, String role) throws IOException, InterruptedException {
    kube.create(
            BINDINGS,
            Trees.of(
                ("{'metadata':{'name':'%s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                        + "'kind':'ClusterRole','name':'%s'},'subjects':[{'kind':'Group',"
                        + "'apiGroup':'rbac.authorization.k8s.io','name':'%s'}]}")
                    .formatted(name, role, GROUP)))
        .ok();
  }

  private void ask(ObjectNode request) throws IOException, InterruptedException {
    kubelet.create(REQUESTS, request).ok();
  }

  private void approve(String name) throws IOException, InterruptedException {
    protocol.did("kubectl certificate approve " + name);
    ObjectNode request = (ObjectNode) request(name);
    request
        .withObject("/status")
        .withArray("conditions")
        .add(
            Trees.of(
                "{'type':'Approved','status':'True','reason':'KubectlApprove',"
                    + "'message':'This CSR was approved by kubectl certificate approve.'}"));
    kube.replace(REQUESTS + "/" + name + "/approval", request).ok();
  }

  private JsonNode request(String name) throws IOException, InterruptedException {
    return kube.get(REQUESTS + "/" + name).ok();
  }

  /** As {@code kubectl get csr} shows it. */
  private String condition(String name) throws IOException, InterruptedException {
    JsonNode status = request(name).path("status");
    StringBuilder text = new StringBuilder();
    for (JsonNode condition : status.path("conditions")) {
      text.append(text.length() == 0 ? "" : ",").append(condition.path("type").asText());
    }
    if (text.length() == 0) {
      text.append("Pending");
    }
    return text.append(status.has("certificate") ? ",Issued" : "").toString();
  }

  private Waiting.Seen<String> awaitCondition(String name, String condition)
      throws IOException, InterruptedException {
    return Waiting.until(PROMPT, () -> condition(name), condition::equals);
  }

  /** What it is when for a while it is nothing else. */
  private String awaitChange(String name, String from) throws IOException, InterruptedException {
    return Waiting.until(QUIET, () -> condition(name), now -> !now.equals(from)).value();
  }

  private X509Certificate certificate(String name) throws IOException, InterruptedException {
    byte[] pem = Base64.getDecoder().decode(request(name).at("/status/certificate").asText());
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem));
    } catch (CertificateException e) {
      throw new IOException("not a certificate: " + name, e);
    }
  }

  private boolean isSigned(String id) throws IOException, InterruptedException {
    return kube.get(INFO).ok().path("data").has("jws-kubeconfig-" + id);
  }
}
