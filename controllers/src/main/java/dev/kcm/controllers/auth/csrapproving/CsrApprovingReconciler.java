package dev.kcm.controllers.auth.csrapproving;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.pki.CertificateRequest;
import dev.kcm.controllers.shared.pki.PkiException;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Report;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks the server for each permission that would do, one after another, and approves with the first
 * that is given.
 *
 * <p>Immutable.
 */
final class CsrApprovingReconciler implements Reconciler<CsrApprovingSnapshot> {

  static final ResourceType<SubjectAccessReview> REVIEWS =
      ResourceType.of(SubjectAccessReview.class);

  @Override
  public Plan decide(CsrApprovingSnapshot snapshot, Instant now) {
    CertificateSigningRequest object = snapshot.request();
    try {
      CertificateRequest asked = CertificateRequest.parse(object.getSpec().getRequest());
      List<Permission> sufficing = Permission.sufficingFor(object, asked);
      return sufficing.isEmpty() ? Plan.NOTHING : review(object, sufficing, 0);
    } catch (PkiException e) {
      String name = object.getMetadata().getName();
      return Plan.verdict(Verdict.retry("unable to parse csr \"" + name + "\": " + e.getMessage()));
    }
  }

  private static Plan review(CertificateSigningRequest object, List<Permission> sufficing, int at) {
    if (at == sufficing.size()) {
      return Plan.verdict(Verdict.retry(notAllowed(object, sufficing)));
    }
    Permission permission = sufficing.get(at);
    return Plan.of(
            Action.create(REVIEWS, permission.review(object), "may they have this certificate"))
        .then(
            report -> {
              if (report.firstRejected().isPresent()) {
                return Plan.verdict(Verdict.retry(report.firstRejected().get().error()));
              }
              return isAllowed(report)
                  ? Plan.of(approval(object, permission))
                  : review(object, sufficing, at + 1);
            });
  }

  private static boolean isAllowed(Report report) {
    return report.applied().stream()
        .anyMatch(
            applied ->
                applied.answer() instanceof SubjectAccessReview review
                    && review.getStatus() != null
                    && Boolean.TRUE.equals(review.getStatus().getAllowed()));
  }

  private static Action approval(CertificateSigningRequest object, Permission permission) {
    return new Action.Update<>(
        SigningRequests.TYPE,
        SigningRequests.with(
            object,
            new CertificateSigningRequestConditionBuilder()
                .withType(SigningRequests.APPROVED)
                .withStatus("True")
                .withReason("AutoApproved")
                .withMessage(permission.message())
                .build()),
        "approval",
        "they may have this certificate");
  }

  private static String notAllowed(CertificateSigningRequest object, List<Permission> sufficing) {
    return "recognized csr \"%s\" as %s but subject access review was not approved"
        .formatted(
            object.getMetadata().getName(),
            sufficing.stream()
                .map(Permission::subresource)
                .collect(Collectors.joining(" ", "[", "]")));
  }
}
