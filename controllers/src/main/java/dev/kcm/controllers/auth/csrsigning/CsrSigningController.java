package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signer of certificates: names and wiring.
 *
 * <p>Immutable.
 */
public final class CsrSigningController {

  /** Canonical name. */
  public static final String NAME = "certificatesigningrequest-signing-controller";

  private static final int SERIAL_BITS = 128;

  private static final Logger log = LoggerFactory.getLogger(CsrSigningController.class);

  private CsrSigningController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(CsrSigningConfig config) {
    return ControllerSpec.named(NAME)
        .alias("csrsigning")
        .client(SigningRequests.CLIENT)
        .access(
            Access.to(SigningRequests.TYPE).watch("approved ones"),
            Access.to(SigningRequests.TYPE, "status")
                .update("the certificate, or the condition Failed"),
            Access.to(SigningRequests.TYPE.group(), "signers")
                .named(Signer.names())
                .with("asked for by the server when a certificate is written", "sign"))
        .wiredBy(context -> loops(context, config));
  }

  private static List<Loop<CsrSigningSnapshot>> loops(
      ControllerContext context, CsrSigningConfig config) {
    if (config.authorities().isEmpty()) {
      log.info("Skipping {}: there is no CA certificate and key to sign with", NAME);
      return List.of();
    }
    return List.of(loop(context, config));
  }

  private static Loop<CsrSigningSnapshot> loop(ControllerContext context, CsrSigningConfig config) {
    Informer<CertificateSigningRequest> requests = context.informer(SigningRequests.TYPE);
    // Serial numbers must not be foreseen, which no other source of random numbers promises.
    SecureRandom random = new SecureRandom();
    return Loop.<CsrSigningSnapshot>named("csrsigning")
        .component(SigningRequests.CLIENT)
        .sharingQueue(SigningRequests.QUEUE)
        .on(requests, Enqueue.self())
        .reading(
            new CsrSigningReader(
                config, requests.lister(), () -> new BigInteger(SERIAL_BITS, random)))
        .deciding(new CsrSigningReconciler())
        .workers(SigningRequests.WORKERS)
        .limiter(() -> SigningRequests.limiter(context.environment().ticker()))
        .build();
  }
}
