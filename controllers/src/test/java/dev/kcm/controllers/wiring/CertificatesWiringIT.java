package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.IssuedCertificate;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.object.ResourceType;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import dev.kcm.embedded.resource.UserInfo;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kubelet's way to its certificate, on real threads: RBAC decides, the authority signs. */
class CertificatesWiringIT {

  private static final ResourceType<ClusterRoleBinding> BINDINGS =
      ResourceType.of(ClusterRoleBinding.class);
  private static final UserInfo KUBELET =
      new UserInfo(
          "system:bootstrap:abc123",
          "",
          List.of("system:bootstrappers", "system:authenticated"),
          Map.of());

  @TempDir private Path directory;
  private RunningManager manager;

  @BeforeEach
  void start() {
    manager =
        RunningManager.guarded(
            config(),
            "certificatesigningrequest-signing-controller",
            "certificatesigningrequest-approving-controller",
            "certificatesigningrequest-cleaner-controller");
  }

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void whoeverMayJoinGetsACertificateWithoutAHumansWord() {
    manager.create(BINDINGS, mayJoin());
    manager
        .faults
        .on(ApiRequest.Verb.UPDATE, "certificatesigningrequests")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.createAs(KUBELET, SigningRequests.TYPE, csr("boot"));
    await().until(() -> SigningRequests.isIssued(stored("boot")));
    CertificateSigningRequest issued = stored("boot");
    assertThat(issued.getStatus().getConditions()).hasSize(1);
    assertThat(issued.getStatus().getConditions().get(0).getReason()).isEqualTo("AutoApproved");
    assertThat(IssuedCertificate.notAfter(issued.getStatus().getCertificate()))
        .hasValueSatisfying(
            end -> assertThat(end).isBetween(Instant.now().plus(Duration.ofDays(364)), inAYear()));
  }

  @Test
  void aPermissionThatComesLaterStillCounts() {
    AtomicInteger reviews = new AtomicInteger();
    manager
        .faults
        .on(ApiRequest.Verb.CREATE, "subjectaccessreviews")
        .everyCall()
        .run(reviews::incrementAndGet);
    manager.createAs(KUBELET, SigningRequests.TYPE, csr("boot"));
    await().until(() -> reviews.get() > 0);
    assertThat(SigningRequests.has(stored("boot"), SigningRequests.APPROVED)).isFalse();
    manager.create(BINDINGS, mayJoin());
    await().until(() -> SigningRequests.isIssued(stored("boot")));
  }

  @Test
  void whatTheSignerDoesNotSignIsMarkedAsFailed() {
    CertificateSigningRequest odd =
        new CertificateSigningRequestBuilder(csr("odd"))
            .editSpec()
            .withSignerName(Signer.API_CLIENT.signerName())
            .withUsages("client auth", "server auth")
            .endSpec()
            .build();
    CertificateSigningRequest created = manager.createAs(KUBELET, SigningRequests.TYPE, odd);
    manager.approve(
        new CertificateSigningRequestBuilder(created)
            .withNewStatus()
            .addNewCondition()
            .withType("Approved")
            .withStatus("True")
            .withReason("Test")
            .endCondition()
            .endStatus()
            .build());
    await().until(() -> SigningRequests.isFailed(stored("odd")));
    assertThat(SigningRequests.isIssued(stored("odd"))).isFalse();
    assertThat(SigningRequests.isApproved(stored("odd"))).isTrue();
  }

  private CertificateSigningRequest stored(String name) {
    return manager.get(SigningRequests.TYPE, "", name).orElseThrow();
  }

  private CatalogConfig config() {
    return CatalogConfig.builder()
        .csrSigning(
            new CsrSigningConfig(
                Map.of(
                    Signer.KUBELET_CLIENT,
                    TestPki.files(directory),
                    Signer.API_CLIENT,
                    TestPki.files(directory)),
                CsrSigningConfig.DEFAULT_LONGEST))
        .build();
  }

  private static Instant inAYear() {
    return Instant.now().plus(Duration.ofDays(365));
  }

  private static CertificateSigningRequest csr(String name) {
    return new CertificateSigningRequestBuilder(TestCsr.named(name).build())
        .editMetadata()
        .withUid(null)
        .endMetadata()
        .build();
  }

  private static ClusterRoleBinding mayJoin() {
    return new ClusterRoleBindingBuilder()
        .withNewMetadata()
        .withName("may-join")
        .endMetadata()
        .withNewRoleRef()
        .withApiGroup("rbac.authorization.k8s.io")
        .withKind("ClusterRole")
        .withName("system:certificates.k8s.io:certificatesigningrequests:nodeclient")
        .endRoleRef()
        .addNewSubject()
        .withApiGroup("rbac.authorization.k8s.io")
        .withKind("Group")
        .withName("system:bootstrappers")
        .endSubject()
        .build();
  }
}
