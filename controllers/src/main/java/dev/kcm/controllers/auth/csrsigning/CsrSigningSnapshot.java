package dev.kcm.controllers.auth.csrsigning;

import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.pki.CertificateAuthority;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.math.BigInteger;
import java.time.Duration;

/**
 * All inputs of one decision.
 *
 * @param request an approved request for the signer, without a certificate
 * @param signer who is asked to sign
 * @param authority with what, as the files have it now
 * @param serial number for the certificate, should there be one
 * @param longest longest life of a certificate
 */
record CsrSigningSnapshot(
    CertificateSigningRequest request,
    Signer signer,
    CertificateAuthority authority,
    BigInteger serial,
    Duration longest) {}
