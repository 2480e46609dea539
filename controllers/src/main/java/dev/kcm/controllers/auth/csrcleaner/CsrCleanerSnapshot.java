package dev.kcm.controllers.auth.csrcleaner;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.List;

/**
 * All inputs of one pass.
 *
 * @param requests all there are, in any order
 */
record CsrCleanerSnapshot(List<CertificateSigningRequest> requests) {

  CsrCleanerSnapshot {
    requests = List.copyOf(requests);
  }
}
