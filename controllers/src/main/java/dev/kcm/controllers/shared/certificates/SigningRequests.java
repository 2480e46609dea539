package dev.kcm.controllers.shared.certificates;

import dev.kcm.core.object.ResourceType;
import dev.kcm.core.queue.RateLimiter;
import dev.kcm.core.queue.RateLimiters;
import dev.kcm.core.time.Ticker;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What CertificateSigningRequests say of themselves, and how those that fail wait.
 *
 * <p>Immutable.
 */
public final class SigningRequests {

  /** Type. */
  public static final ResourceType<CertificateSigningRequest> TYPE =
      ResourceType.of(CertificateSigningRequest.class);

  /** Type of the condition of a request that may be signed. */
  public static final String APPROVED = "Approved";

  /** Type of the condition of a request that may not be signed. */
  public static final String DENIED = "Denied";

  /** Type of the condition of a request that the signer refused. */
  public static final String FAILED = "Failed";

  /** Name of the queue of those who judge and sign, and how many requests they take at a time. */
  public static final String QUEUE = "certificate";

  /** See {@link #QUEUE}. */
  public static final int WORKERS = 5;

  /** Client identity of all controllers of requests. */
  public static final String CLIENT = "certificate-controller";

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);

  private SigningRequests() {}

  /** How failed requests wait: 200 ms to 1000 s each, and ten a second all together. */
  public static <K> RateLimiter<K> limiter(Ticker ticker) {
    return RateLimiters.maxOf(
        List.<RateLimiter<? super K>>of(
            RateLimiters.exponential(FIRST_WAIT, RateLimiters.DEFAULT_MAX),
            RateLimiters.bucket(
                ticker, RateLimiters.CONTROLLER_RATE, RateLimiters.CONTROLLER_BURST)));
  }

  /** Whether it has a certificate. */
  public static boolean isIssued(CertificateSigningRequest request) {
    return !certificate(request).isEmpty();
  }

  /** The certificate, PEM in base64; empty when there is none. */
  public static String certificate(CertificateSigningRequest request) {
    boolean none = request.getStatus() == null || request.getStatus().getCertificate() == null;
    return none ? "" : request.getStatus().getCertificate();
  }

  /** Whether it was approved and not denied; what status the conditions have does not count. */
  public static boolean isApproved(CertificateSigningRequest request) {
    return has(request, APPROVED) && !has(request, DENIED);
  }

  /** Whether the signer has refused it. */
  public static boolean isFailed(CertificateSigningRequest request) {
    return conditions(request, FAILED)
        .map(CertificateSigningRequestCondition::getStatus)
        .anyMatch(status -> status == null || status.isEmpty() || status.equals("True"));
  }

  /** Whether it has a condition of a type, whatever its status. */
  public static boolean has(CertificateSigningRequest request, String type) {
    return conditions(request, type).findAny().isPresent();
  }

  /** Its conditions of a type. */
  public static Stream<CertificateSigningRequestCondition> conditions(
      CertificateSigningRequest request, String type) {
    return request.getStatus() == null
        ? Stream.empty()
        : request.getStatus().getConditions().stream().filter(c -> type.equals(c.getType()));
  }

  /** The request with one condition more. */
  public static CertificateSigningRequest with(
      CertificateSigningRequest request, CertificateSigningRequestCondition condition) {
    return new CertificateSigningRequestBuilder(request)
        .editOrNewStatus()
        .addToConditions(condition)
        .endStatus()
        .build();
  }
}
