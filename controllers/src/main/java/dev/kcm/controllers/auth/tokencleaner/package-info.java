/**
 * The token cleaner: deletes bootstrap tokens that have expired.
 *
 * <p><b>Watches</b> Secrets in kube-system, for bootstrap tokens.
 *
 * <p><b>Writes</b> secrets: delete.
 *
 * <p><b>Queue key</b> {@code token_cleaner}; namespace and name of the Secret; 1 worker.
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
 * <p><b>Invariants</b> a token is never deleted before its time, nor another incarnation of its
 * name; one without an expiration stays.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A deletion that fails is tried again with back-off; <i>upstream waits for the next change
 *       of the token or the next resync, up to a day</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.tokencleaner;

import org.jspecify.annotations.NullMarked;
