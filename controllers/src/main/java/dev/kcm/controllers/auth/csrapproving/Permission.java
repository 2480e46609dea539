package dev.kcm.controllers.auth.csrapproving;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.CertificateRequest;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestSpec;
import java.util.List;

/** What somebody must be allowed to do to get the client certificate of a kubelet. */
enum Permission {
  /** To renew the own one. */
  SELF(
      "selfnodeclient",
      "Auto approving self kubelet client certificate after SubjectAccessReview."),
  /** To get that of any node. */
  ANY_NODE("nodeclient", "Auto approving kubelet client certificate after SubjectAccessReview.");

  private final String subresource;
  private final String message;

  Permission(String subresource, String message) {
    this.subresource = subresource;
    this.message = message;
  }

  /** Which of them would do for a request, the narrower first. */
  static List<Permission> sufficingFor(CertificateSigningRequest object, CertificateRequest asked) {
    CertificateSigningRequestSpec spec = object.getSpec();
    boolean kubeletClient =
        Signer.KUBELET_CLIENT.signerName().equals(spec.getSignerName())
            && Signer.KUBELET_CLIENT.problem(asked, spec.getUsages()).isEmpty();
    if (!kubeletClient) {
      return List.of();
    }
    return asked.commonName().equals(spec.getUsername())
        ? List.of(SELF, ANY_NODE)
        : List.of(ANY_NODE);
  }

  /** Its name in RBAC rules: a subresource of certificatesigningrequests. */
  String subresource() {
    return subresource;
  }

  /** Message of the condition. */
  String message() {
    return message;
  }

  /** The question whether whoever made the request has it. */
  SubjectAccessReview review(CertificateSigningRequest object) {
    CertificateSigningRequestSpec spec = object.getSpec();
    return new SubjectAccessReviewBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .withUser(spec.getUsername())
        .withUid(spec.getUid())
        .withGroups(spec.getGroups())
        .withExtra(spec.getExtra())
        .withNewResourceAttributes()
        .withGroup("certificates.k8s.io")
        .withResource("certificatesigningrequests")
        .withVerb("create")
        .withVersion("*")
        .withSubresource(subresource)
        .endResourceAttributes()
        .endSpec()
        .build();
  }
}
