package dev.kcm.controllers.auth.csrapproving;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.List;

/**
 * The approver of kubelets' client certificates: names and wiring.
 *
 * <p>Immutable.
 */
public final class CsrApprovingController {

  /** Canonical name. */
  public static final String NAME = "certificatesigningrequest-approving-controller";

  private CsrApprovingController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("csrapproving")
        .client(SigningRequests.CLIENT)
        .access(
            Access.to(SigningRequests.TYPE).watch("requests nobody has judged"),
            Access.to(CsrApprovingReconciler.REVIEWS)
                .create("whether the user of the request may have the certificate"),
            Access.to(SigningRequests.TYPE, "approval").update("condition Approved"),
            Access.to(SigningRequests.TYPE.group(), "signers")
                .named(Signer.KUBELET_CLIENT.signerName())
                .with("asked for by the server at the approval", "approve"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<CsrApprovingSnapshot> loop(ControllerContext context) {
    Informer<CertificateSigningRequest> requests = context.informer(SigningRequests.TYPE);
    return Loop.<CsrApprovingSnapshot>named("csrapproving")
        .component(SigningRequests.CLIENT)
        .sharingQueue(SigningRequests.QUEUE)
        .on(requests, Enqueue.self())
        .reading(new CsrApprovingReader(requests.lister()))
        .deciding(new CsrApprovingReconciler())
        .workers(SigningRequests.WORKERS)
        .limiter(() -> SigningRequests.limiter(context.environment().ticker()))
        .build();
  }
}
