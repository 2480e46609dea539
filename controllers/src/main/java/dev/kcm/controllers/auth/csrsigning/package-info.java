/**
 * The signer of certificates: a CertificateSigningRequest that was approved gets its certificate,
 * from one of the four signers of Kubernetes.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for approved ones.
 *
 * <p><b>Writes</b> certificatesigningrequests/status: update; signers: sign (the server asks for
 * it, of the four names).
 *
 * <p><b>Queue key</b> {@code certificate}; name of the request; 5 workers; failed requests wait 200
 * ms to 1000 s.
 *
 * <p><b>Flags</b> {@code --cluster-signing-cert-file}, {@code --cluster-signing-key-file}, {@code
 * --cluster-signing-duration}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> {@code Failed}, reason {@code SignerValidationFailure}.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> nothing is signed that is not approved, is denied or has failed; usages come
 * from the request's spec, never from its PKCS #10; no certificate holds longer than its authority;
 * none is an authority itself; a key is never logged.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>One queue with 5 workers for all signers, not one for each; <i>a request has one signer;
 *       upstream looks at each four times</i>
 *   <li>Files are read for each certificate, not watched and read every minute; <i>a change counts
 *       at once, and waiting costs nothing</i>
 *   <li>Files that hold two certificates after a change leave the former in use; <i>upstream lets
 *       each signature fail until the file is mended</i>
 *   <li>Key files that others may use are warned of; <i>a leaked key of the authority is the
 *       cluster's</i>
 *   <li>{@code --cluster-signing-duration} of zero or less is refused at start; <i>it would issue
 *       certificates that never hold</i>
 *   <li>Files that cannot be used are reported at start with all other wrong files, by a standby
 *       too; <i>it would fail at the take-over</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.csrsigning;

import org.jspecify.annotations.NullMarked;
