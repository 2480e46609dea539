package dev.kcm.controllers.auth.csrcleaner;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.List;

/**
 * The cleaner of CertificateSigningRequests: names and wiring.
 *
 * <p>Immutable.
 */
public final class CsrCleanerController {

  /** Canonical name. */
  public static final String NAME = "certificatesigningrequest-cleaner-controller";

  /** The only key. */
  static final ObjectKey PASS = new ObjectKey("", "pass");

  private CsrCleanerController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("csrcleaner")
        .client(SigningRequests.CLIENT)
        .access(
            Access.to(SigningRequests.TYPE)
                .watch("what they have become")
                .delete("those that are over"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<CsrCleanerSnapshot> loop(ControllerContext context) {
    Informer<CertificateSigningRequest> requests = context.informer(SigningRequests.TYPE);
    return Loop.<CsrCleanerSnapshot>named("certificate_cleaner")
        .component(SigningRequests.CLIENT)
        // No event leads to a pass, but the first one waits for the cache.
        .on(requests, Enqueue.<CertificateSigningRequest>to(request -> List.of()))
        .startingWith(PASS)
        .reading(new CsrCleanerReader(requests.lister()))
        .deciding(new CsrCleanerReconciler())
        .build();
  }
}
