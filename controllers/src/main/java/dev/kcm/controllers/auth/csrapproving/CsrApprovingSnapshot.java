package dev.kcm.controllers.auth.csrapproving;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;

/**
 * All inputs of one decision.
 *
 * @param request a request nobody has judged
 */
record CsrApprovingSnapshot(CertificateSigningRequest request) {}
