/**
 * CertificateSigningRequests: what their conditions say, and what each signer of Kubernetes lets
 * pass.
 *
 * <p>Start from {@link dev.kcm.controllers.shared.certificates.SigningRequests} and {@link
 * dev.kcm.controllers.shared.certificates.Signer}. Nothing here has state, reads a clock or talks
 * to a server.
 */
@NullMarked
package dev.kcm.controllers.shared.certificates;

import org.jspecify.annotations.NullMarked;
