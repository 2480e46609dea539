package dev.kcm.controllers.shared.certificates;

import dev.kcm.controllers.shared.pki.TestPki;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import java.time.Instant;

/** CertificateSigningRequests for tests. */
public final class TestCsr {

  /** Request for the client certificate of node {@code n}. */
  public static final String NODE = TestPki.request("O=system:nodes,CN=system:node:n").text();

  /** Request for the serving certificate of node {@code n}. */
  public static final String SERVING =
      TestPki.request("O=system:nodes,CN=system:node:n").dns("n").text();

  private CertificateSigningRequestBuilder csr =
      new CertificateSigningRequestBuilder()
          .withNewMetadata()
          .endMetadata()
          .withNewSpec()
          .withRequest(NODE)
          .withSignerName(Signer.KUBELET_CLIENT.signerName())
          .withUsages("digital signature", "client auth")
          .withUsername("system:bootstrap:abc123")
          .withGroups("system:bootstrappers")
          .endSpec();

  private TestCsr(String name) {
    csr = csr.editMetadata().withName(name).withUid("uid-of-" + name).endMetadata();
  }

  /** A request for a kubelet's client certificate. */
  public static TestCsr named(String name) {
    return new TestCsr(name);
  }

  /** To another signer. */
  public TestCsr signer(String signerName) {
    csr = csr.editSpec().withSignerName(signerName).endSpec();
    return this;
  }

  /** With another PKCS #10. */
  public TestCsr request(String request) {
    csr = csr.editSpec().withRequest(request).endSpec();
    return this;
  }

  /** For other usages. */
  public TestCsr usages(String... usages) {
    csr = csr.editSpec().withUsages(usages).endSpec();
    return this;
  }

  /** By another user. */
  public TestCsr by(String username) {
    csr = csr.editSpec().withUsername(username).endSpec();
    return this;
  }

  /** Not for longer. */
  public TestCsr expiringAfter(Integer seconds) {
    csr = csr.editSpec().withExpirationSeconds(seconds).endSpec();
    return this;
  }

  /** Created then. */
  public TestCsr created(Instant time) {
    csr = csr.editMetadata().withCreationTimestamp(time.toString()).endMetadata();
    return this;
  }

  /** With a condition that has no times. */
  public TestCsr with(String condition) {
    return with(condition, "True", null);
  }

  /** With a condition updated then. */
  public TestCsr with(String condition, Instant updated) {
    return with(condition, "True", updated);
  }

  /** With a condition. */
  public TestCsr with(String condition, String status, Instant updated) {
    csr =
        csr.editOrNewStatus()
            .addToConditions(
                new CertificateSigningRequestConditionBuilder()
                    .withType(condition)
                    .withStatus(status)
                    .withLastUpdateTime(updated == null ? null : updated.toString())
                    .build())
            .endStatus();
    return this;
  }

  /** With a certificate. */
  public TestCsr issued(String certificate) {
    csr = csr.editOrNewStatus().withCertificate(certificate).endStatus();
    return this;
  }

  /** The request. */
  public CertificateSigningRequest build() {
    return csr.build();
  }
}
