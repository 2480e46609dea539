package dev.kcm.controllers.auth.csrapproving;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import dev.kcm.testkit.Responder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpec;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrApprovingReconcilerTest {

  private static final ObjectKey KEY = new ObjectKey("", "csr");
  private static final String SELF = "system:node:n";
  private static final String NODE = "O=system:nodes,CN=system:node:n";

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        NODE + " | '' | kube-apiserver-client-kubelet | digital signature,client auth | 1",
        NODE
            + " | '' | kube-apiserver-client-kubelet |"
            + " key encipherment,digital signature,client auth | 1",
        "CN=system:node:n | '' | kube-apiserver-client-kubelet | digital signature,client auth | 0",
        "O=system:nodes,O=x,CN=system:node:n | '' | kube-apiserver-client-kubelet |"
            + " digital signature,client auth | 0",
        "O=system:nodes,CN=n | '' | kube-apiserver-client-kubelet |"
            + " digital signature,client auth | 0",
        NODE + " | dns:n | kube-apiserver-client-kubelet | digital signature,client auth | 0",
        NODE + " | ip:10.0.0.1 | kube-apiserver-client-kubelet | digital signature,client auth | 0",
        NODE + " | email:a@b | kube-apiserver-client-kubelet | digital signature,client auth | 0",
        NODE
            + " | uri:http://x | kube-apiserver-client-kubelet | digital signature,client auth | 0",
        NODE + " | '' | kube-apiserver-client | digital signature,client auth | 0",
        NODE + " | dns:n | kubelet-serving | digital signature,server auth | 0",
        NODE + " | '' | kube-apiserver-client-kubelet | digital signature | 0",
        NODE + " | '' | kube-apiserver-client-kubelet | digital signature,server auth | 0",
        NODE
            + " | '' | kube-apiserver-client-kubelet |"
            + " digital signature,client auth,server auth | 0",
      })
  @DisplayName("Recogniser: good and bad cases; not recognised: no call")
  void recognisesClientCertificatesOfKubelets(
      String subject, String names, String signer, String usages, int reviews) {
    Rehearsal run =
        run(
            TestCsr.named("csr")
                .request(TestPki.request(subject).names(names).text())
                .signer("kubernetes.io/" + signer)
                .usages(usages.split(",")),
            spec -> true);
    assertThat(run).creates(reviews, SubjectAccessReview.class).ends(Verdict.DONE);
    assertThat(run.tried(Action.Update.class)).hasSize(reviews);
  }

  @Test
  @DisplayName("Recognised and allowed: a review and one approval")
  void approvesWhoeverMayHaveAnyNodes() {
    Rehearsal run = run(TestCsr.named("csr"), asking("nodeclient"));
    assertThat(run).creates(1, SubjectAccessReview.class).ends(Verdict.DONE);
    Action.Update<?> approval = run.tried(Action.Update.class).get(0);
    assertThat(approval.subresource()).isEqualTo("approval");
    CertificateSigningRequestCondition condition = stored().getStatus().getConditions().get(0);
    assertThat(condition.getType()).isEqualTo("Approved");
    assertThat(condition.getStatus()).isEqualTo("True");
    assertThat(condition.getReason()).isEqualTo("AutoApproved");
    assertThat(condition.getMessage())
        .isEqualTo("Auto approving kubelet client certificate after SubjectAccessReview.");
    assertThat(condition.getLastUpdateTime()).isNull();
    assertThat(condition.getLastTransitionTime()).isNull();
  }

  @Test
  void asksInTheNameOfTheUser() {
    CertificateSigningRequest csr =
        new CertificateSigningRequestBuilder(TestCsr.named("csr").build())
            .editSpec()
            .withUid("u")
            .withExtra(Map.of("k", List.of("v")))
            .endSpec()
            .build();
    cluster.put(csr);
    Rehearsal run = again(server(cluster, spec -> false));
    SubjectAccessReviewSpec asked =
        ((SubjectAccessReview) run.tried(Action.Create.class).get(0).object()).getSpec();
    assertThat(asked.getUser()).isEqualTo("system:bootstrap:abc123");
    assertThat(asked.getUid()).isEqualTo("u");
    assertThat(asked.getGroups()).containsExactly("system:bootstrappers");
    assertThat(asked.getExtra()).isEqualTo(Map.of("k", List.of("v")));
    assertThat(asked.getResourceAttributes().getGroup()).isEqualTo("certificates.k8s.io");
    assertThat(asked.getResourceAttributes().getResource()).isEqualTo("certificatesigningrequests");
    assertThat(asked.getResourceAttributes().getVerb()).isEqualTo("create");
    assertThat(asked.getResourceAttributes().getVersion()).isEqualTo("*");
    assertThat(asked.getResourceAttributes().getSubresource()).isEqualTo("nodeclient");
  }

  @Test
  @DisplayName("Recognised and denied: a review and an error")
  void whoeverMayNotIsTriedAgain() {
    Rehearsal run = run(TestCsr.named("csr"), spec -> false);
    assertThat(run)
        .creates(1, SubjectAccessReview.class)
        .retriesBecause(
            "recognized csr \"csr\" as [nodeclient] but subject access review was not approved");
    assertThat(run.tried(Action.Update.class)).isEmpty();
  }

  @Test
  @DisplayName("Self: the own permission is asked for first, and does")
  void approvesARenewal() {
    Rehearsal run = run(TestCsr.named("csr").by(SELF), asking("selfnodeclient"));
    assertThat(run).creates(1, SubjectAccessReview.class).ends(Verdict.DONE);
    assertThat(stored().getStatus().getConditions().get(0).getMessage())
        .isEqualTo("Auto approving self kubelet client certificate after SubjectAccessReview.");
  }

  /** Reviews that are asked for when none is granted; the subject is O=system:nodes, CN=CN. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        SELF + " | O=system:nodes | '' | digital signature,client auth | 2",
        SELF + " | O=system:nodes | '' | key encipherment,digital signature,client auth | 2",
        "system:node:other | O=system:nodes | '' | digital signature,client auth | 1",
        "system:bootstrap:abc123 | O=system:nodes | '' | digital signature,client auth | 1",
        SELF + " | O=other | '' | digital signature,client auth | 0",
        SELF + " | O=system:nodes,O=x | '' | digital signature,client auth | 0",
        SELF + " | O=system:nodes | dns:n | digital signature,client auth | 0",
        SELF + " | O=system:nodes | '' | digital signature,server auth | 0",
        SELF + " | O=system:nodes | '' | client auth | 0",
      })
  @DisplayName("Recogniser of renewals: the user is the common name, and all else fits too")
  void recognisesRenewals(
      String user, String organizations, String names, String usages, int reviews) {
    Rehearsal run =
        run(
            TestCsr.named("csr")
                .by(user)
                .request(TestPki.request(organizations + ",CN=" + SELF).names(names).text())
                .usages(usages.split(",")),
            spec -> false);
    assertThat(run.tried(Action.Create.class)).hasSize(reviews);
    assertThat(run.tried(Action.Update.class)).isEmpty();
    assertThat(run.verdict() instanceof Verdict.Retry).isEqualTo(reviews > 0);
  }

  @Test
  @DisplayName("Self, refused: any node's permission is asked for too")
  void aNodeMayHaveTheWiderPermission() {
    assertThat(run(TestCsr.named("csr").by(SELF), asking("nodeclient")))
        .creates(2, SubjectAccessReview.class)
        .ends(Verdict.DONE);
    assertThat(run(TestCsr.named("csr").by(SELF), spec -> false))
        .creates(2, SubjectAccessReview.class)
        .retriesBecause(
            "recognized csr \"csr\" as [selfnodeclient nodeclient] but subject access review was"
                + " not approved");
  }

  @ParameterizedTest
  @CsvSource({"Approved, ''", "Denied, ''", "Other, x"})
  @DisplayName("Already approved, denied or issued: no call")
  void isNotJudgedTwice(String condition, String certificate) {
    TestCsr csr = TestCsr.named("csr").with(condition);
    assertThat(run(certificate.isEmpty() ? csr : csr.issued(certificate), spec -> true))
        .hasNoActions()
        .ends(Verdict.DONE);
  }

  @Test
  @DisplayName("API error: retry")
  void aReviewThatFailsIsTriedAgain() {
    cluster.put(TestCsr.named("csr").build());
    ApiError error = ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "no");
    Rehearsal run = again(FaultyServer.before(cluster).reject(Action.Create.class, error));
    assertThat(run).retriesBecause("no");
    assertThat(run.tried(Action.Update.class)).isEmpty();
  }

  @Test
  void whatIsNoRequestIsTriedAgain() {
    assertThat(run(TestCsr.named("csr").request(""), spec -> true))
        .hasNoActions()
        .retriesBecause("unable to parse csr \"csr\": PEM block type must be CERTIFICATE REQUEST");
  }

  private Rehearsal run(TestCsr csr, Predicate<SubjectAccessReviewSpec> allowed) {
    cluster.put(csr.build());
    return again(server(cluster, allowed));
  }

  private Rehearsal again(Responder server) {
    ModelLoop<CsrApprovingSnapshot> loop = wire(caches);
    caches.catchUp();
    return loop.run(KEY, server);
  }

  private CertificateSigningRequest stored() {
    return cluster.get(CertificateSigningRequest.class, KEY).orElseThrow();
  }

  private static Predicate<SubjectAccessReviewSpec> asking(String subresource) {
    return spec -> spec.getResourceAttributes().getSubresource().equals(subresource);
  }

  /** A server that reviews access; everything else is the cluster's. */
  static Responder server(ModelCluster cluster, Predicate<SubjectAccessReviewSpec> allowed) {
    return action ->
        action instanceof Action.Create<?> create
                && create.object() instanceof SubjectAccessReview review
            ? new Report.Applied(
                action,
                new SubjectAccessReviewBuilder(review)
                    .withNewStatus()
                    .withAllowed(allowed.test(review.getSpec()))
                    .endStatus()
                    .build())
            : cluster.answer(action);
  }

  static ModelLoop<CsrApprovingSnapshot> wire(ModelCaches caches) {
    var requests = caches.informer(SigningRequests.TYPE);
    return ModelLoop.<CsrApprovingSnapshot>over(caches)
        .on(requests, Enqueue.self())
        .reading(new CsrApprovingReader(requests.lister()))
        .deciding(new CsrApprovingReconciler());
  }
}
