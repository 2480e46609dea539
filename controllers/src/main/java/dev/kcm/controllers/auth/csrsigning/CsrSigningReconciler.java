package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pki.CertificateOrder;
import dev.kcm.controllers.shared.pki.CertificateRequest;
import dev.kcm.controllers.shared.pki.CertificateUsages;
import dev.kcm.controllers.shared.pki.PkiException;
import dev.kcm.controllers.shared.pki.Validity;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs a request, or says in a condition why its signer does not.
 *
 * <p>Immutable.
 */
final class CsrSigningReconciler implements Reconciler<CsrSigningSnapshot> {

  static final String REFUSED = "SignerValidationFailure";

  @Override
  public Plan decide(CsrSigningSnapshot snapshot, Instant now) {
    CertificateSigningRequest object = snapshot.request();
    CertificateRequest asked;
    try {
      asked = CertificateRequest.parse(object.getSpec().getRequest());
    } catch (PkiException e) {
      String name = object.getMetadata().getName();
      return Plan.verdict(Verdict.retry("unable to parse csr \"" + name + "\": " + e.getMessage()));
    }
    Optional<String> problem = snapshot.signer().problem(asked, object.getSpec().getUsages());
    if (problem.isPresent()) {
      return Plan.of(refusal(object, problem.get(), now));
    }
    try {
      return Plan.of(issue(snapshot, asked, now));
    } catch (PkiException e) {
      return Plan.verdict(Verdict.retry("error auto signing csr: " + e.getMessage()));
    }
  }

  private static Action refusal(CertificateSigningRequest object, String problem, Instant now) {
    return Action.updateStatus(
        SigningRequests.TYPE,
        SigningRequests.with(
            object,
            new CertificateSigningRequestConditionBuilder()
                .withType(SigningRequests.FAILED)
                .withStatus("True")
                .withReason(REFUSED)
                .withMessage(problem)
                .withLastUpdateTime(Timestamps.format(now))
                .build()),
        "the signer does not sign this");
  }

  private static Action issue(CsrSigningSnapshot snapshot, CertificateRequest asked, Instant now)
      throws PkiException {
    CertificateSigningRequest object = snapshot.request();
    Duration lifetime = lifetime(object.getSpec().getExpirationSeconds(), snapshot.longest());
    CertificateOrder order =
        new CertificateOrder(
            asked,
            CertificateUsages.of(object.getSpec().getUsages()),
            Validity.Rule.SIGNERS.of(now, lifetime, snapshot.authority().notAfter()),
            snapshot.serial());
    byte[] pem = snapshot.authority().issue(order).getBytes(StandardCharsets.US_ASCII);
    return Action.updateStatus(
        SigningRequests.TYPE,
        new CertificateSigningRequestBuilder(object)
            .editOrNewStatus()
            .withCertificate(Base64.getEncoder().encodeToString(pem))
            .endStatus()
            .build(),
        "the request is approved");
  }

  /** As long as was asked for, but neither too long nor, unless the longest is, too short. */
  static Duration lifetime(@Nullable Integer seconds, Duration longest) {
    if (seconds == null || Duration.ofSeconds(seconds).compareTo(longest) > 0) {
      return longest;
    }
    Duration asked = Duration.ofSeconds(seconds);
    return asked.compareTo(Validity.SHORTEST) < 0 ? Validity.SHORTEST : asked;
  }
}
