package dev.kcm.controllers.auth.csrapproving;

import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.Optional;

/**
 * Reads a request from the cache, if there is anything to judge.
 *
 * <p>Thread-safe: the lister is.
 */
final class CsrApprovingReader implements Reader<CsrApprovingSnapshot> {

  private final Lister<CertificateSigningRequest> requests;

  CsrApprovingReader(Lister<CertificateSigningRequest> requests) {
    this.requests = requests;
  }

  @Override
  public Optional<CsrApprovingSnapshot> read(ObjectKey key, boolean settled) {
    return requests.get(key).filter(CsrApprovingReader::isOpen).map(CsrApprovingSnapshot::new);
  }

  private static boolean isOpen(CertificateSigningRequest request) {
    return request.getMetadata().getDeletionTimestamp() == null
        && !SigningRequests.isIssued(request)
        && !SigningRequests.has(request, SigningRequests.APPROVED)
        && !SigningRequests.has(request, SigningRequests.DENIED);
  }
}
