/**
 * The cleaner of CertificateSigningRequests: CertificateSigningRequests that are over, or that
 * nobody looks after, are deleted.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for what they have become.
 *
 * <p><b>Writes</b> certificatesigningrequests: delete.
 *
 * <p><b>Queue key</b> {@code certificate_cleaner}; one key, for a pass over all requests: at the
 * start, and an hour after the last; 1 worker.
 *
 * <p><b>Flags</b> none.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> an approved request that has no certificate stays; of a name only the
 * incarnation that was judged goes.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>The first pass waits for the cache; <i>upstream's may see nothing, and the next comes an
 *       hour later</i>
 *   <li>A deletion names the incarnation that was judged; <i>another request of the same name may
 *       have taken its place</i>
 *   <li>A deletion that fails is tried again with back-off; <i>upstream waits for the next pass</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.csrcleaner;

import org.jspecify.annotations.NullMarked;
