/**
 * The cleaner of CertificateSigningRequests: those that are over, or that nobody looks after, go.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for what they have become.
 *
 * <p><b>Writes</b> certificatesigningrequests: delete.
 *
 * <p><b>Queue key</b> a single one, for a pass over all of them: at the start, and an hour after
 * the last pass. <b>Flags</b> none; 1 worker.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> an approved request that has no certificate stays; of a name only the
 * incarnation that was judged goes.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/certificatesigningrequest-cleaner.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.csrcleaner;

import org.jspecify.annotations.NullMarked;
