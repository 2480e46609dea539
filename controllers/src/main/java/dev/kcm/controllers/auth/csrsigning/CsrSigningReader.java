package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.pki.AuthorityFiles;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a request from the cache and, only for one that is to be signed, the files of its signer.
 *
 * <p>Thread-safe: the lister, the files and the serial numbers are.
 */
final class CsrSigningReader implements Reader<CsrSigningSnapshot> {

  private final CsrSigningConfig config;
  private final Lister<CertificateSigningRequest> requests;
  private final Supplier<BigInteger> serials;

  CsrSigningReader(
      CsrSigningConfig config,
      Lister<CertificateSigningRequest> requests,
      Supplier<BigInteger> serials) {
    this.config = config;
    this.requests = requests;
    this.serials = serials;
  }

  @Override
  public Optional<CsrSigningSnapshot> read(ObjectKey key, boolean settled) {
    return requests.get(key).filter(CsrSigningReader::isToBeSigned).flatMap(this::snapshot);
  }

  private static boolean isToBeSigned(CertificateSigningRequest request) {
    return !SigningRequests.isIssued(request)
        && SigningRequests.isApproved(request)
        && !SigningRequests.isFailed(request);
  }

  private Optional<CsrSigningSnapshot> snapshot(CertificateSigningRequest request) {
    Optional<Signer> signer = Signer.named(request.getSpec().getSignerName());
    AuthorityFiles files = signer.map(config.authorities()::get).orElse(null);
    return files == null
        ? Optional.empty()
        : Optional.of(
            new CsrSigningSnapshot(
                request, signer.get(), files.current(), serials.get(), config.longest()));
  }
}
