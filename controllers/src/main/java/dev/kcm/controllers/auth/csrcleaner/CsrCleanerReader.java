package dev.kcm.controllers.auth.csrcleaner;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.Optional;

/**
 * Reads all requests from the cache.
 *
 * <p>Thread-safe: the lister is.
 */
final class CsrCleanerReader implements Reader<CsrCleanerSnapshot> {

  private final Lister<CertificateSigningRequest> requests;

  CsrCleanerReader(Lister<CertificateSigningRequest> requests) {
    this.requests = requests;
  }

  @Override
  public Optional<CsrCleanerSnapshot> read(ObjectKey key, boolean settled) {
    return Optional.of(new CsrCleanerSnapshot(requests.list()));
  }
}
