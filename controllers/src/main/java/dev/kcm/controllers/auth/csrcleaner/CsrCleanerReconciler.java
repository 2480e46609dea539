package dev.kcm.controllers.auth.csrcleaner;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.objects.Timestamps;
import dev.kcm.controllers.shared.pki.IssuedCertificate;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Stage;
import dev.kcm.core.plan.Verdict;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass: deletes every request that is of no more use.
 *
 * <p>Immutable.
 */
final class CsrCleanerReconciler implements Reconciler<CsrCleanerSnapshot> {

  /** From the end of one pass to the next. */
  static final Duration PERIOD = Duration.ofHours(1);

  /** How long a request stays after it was judged, and its certificate issued. */
  static final Duration JUDGED = Duration.ofHours(1);

  /** How long a request stays that nobody judges. */
  static final Duration PENDING = Duration.ofHours(24);

  @Override
  public Plan decide(CsrCleanerSnapshot snapshot, Instant now) {
    List<Action> deletions = new ArrayList<>();
    snapshot.requests().stream()
        .filter(request -> request.getMetadata().getDeletionTimestamp() == null)
        .sorted(Comparator.comparing(ObjectKey::of))
        .forEach(
            request ->
                useless(request, now)
                    .ifPresent(
                        why -> deletions.add(Action.delete(SigningRequests.TYPE, request, why))));
    return Plan.of(Stage.parallel(deletions)).ending(Verdict.after(PERIOD));
  }

  /** Why a request is of no more use; empty when it is. */
  private static Optional<String> useless(CertificateSigningRequest request, Instant now) {
    if (isIssued(request) && isJudgedLongAgo(request, SigningRequests.APPROVED, now)) {
      return Optional.of("its certificate was issued long ago");
    }
    if (isJudgedLongAgo(request, SigningRequests.DENIED, now)) {
      return Optional.of("it was denied long ago");
    }
    if (isJudgedLongAgo(request, SigningRequests.FAILED, now)) {
      return Optional.of("it failed long ago");
    }
    if (isPending(request) && isOlder(request.getMetadata().getCreationTimestamp(), PENDING, now)) {
      return Optional.of("nobody has judged it for long");
    }
    return isIssued(request) && hasExpired(request, now)
        ? Optional.of("its certificate has expired")
        : Optional.empty();
  }

  private static boolean isIssued(CertificateSigningRequest request) {
    return SigningRequests.has(request, SigningRequests.APPROVED)
        && SigningRequests.isIssued(request);
  }

  private static boolean isPending(CertificateSigningRequest request) {
    return request.getStatus() == null || request.getStatus().getConditions().isEmpty();
  }

  private static boolean isJudgedLongAgo(
      CertificateSigningRequest request, String type, Instant now) {
    return SigningRequests.conditions(request, type)
        .anyMatch(condition -> isOlder(condition.getLastUpdateTime(), JUDGED, now));
  }

  private static boolean hasExpired(CertificateSigningRequest request, Instant now) {
    return IssuedCertificate.notAfter(SigningRequests.certificate(request))
        .filter(now::isAfter)
        .isPresent();
  }

  /** A time that is missing is never old. */
  private static boolean isOlder(@Nullable String time, Duration age, Instant now) {
    return Timestamps.parse(time).filter(at -> at.plus(age).isBefore(now)).isPresent();
  }
}
