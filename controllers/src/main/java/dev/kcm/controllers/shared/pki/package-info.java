/**
 * Certificates: what a PKCS #10 request asks for, and an authority that answers it with an X.509
 * certificate.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.pki.CertificateRequest} and {@link
 * dev.kcm.controllers.shared.pki.AuthorityFiles}. An authority in hand signs without reading a
 * clock or drawing a number: both stand in the order. Nothing here logs or shows a private key.
 */
@NullMarked
package dev.kcm.controllers.shared.pki;

import org.jspecify.annotations.NullMarked;
