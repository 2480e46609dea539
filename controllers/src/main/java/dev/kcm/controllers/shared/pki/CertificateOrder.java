package dev.kcm.controllers.shared.pki;

import java.math.BigInteger;

/**
 * All that goes into a certificate besides what is the authority's.
 *
 * @param request who asks, with which key
 * @param usages what for
 * @param validity how long
 * @param serial serial number, zero or more; unpredictable, and never the same twice for an
 *     authority
 */
public record CertificateOrder(
    CertificateRequest request, CertificateUsages usages, Validity validity, BigInteger serial) {}
