/**
 * The signer of certificates: a CertificateSigningRequest that was approved gets its certificate,
 * from one of the four signers of Kubernetes.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for approved ones.
 *
 * <p><b>Writes</b> certificatesigningrequests/status: update.
 *
 * <p><b>Queue key</b> name of the request. <b>Flags</b> {@code --cluster-signing-cert-file}, {@code
 * --cluster-signing-key-file}, the same with the name of a signer in them, {@code
 * --cluster-signing-duration}; 5 workers.
 *
 * <p><b>Condition</b> {@code Failed}, reason {@code SignerValidationFailure}. <b>Events,
 * metrics</b> none of its own.
 *
 * <p><b>Invariants</b> nothing is signed that is not approved, is denied or has failed; usages come
 * from the request's spec, never from its PKCS #10; no certificate holds longer than its authority;
 * none is an authority itself; a key is never logged.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/certificatesigningrequest-signing.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.csrsigning;

import org.jspecify.annotations.NullMarked;
