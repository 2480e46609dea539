/**
 * The token cleaner: deletes bootstrap tokens that have expired.
 *
 * <p><b>Watches</b> Secrets in kube-system, for bootstrap tokens.
 *
 * <p><b>Writes</b> secrets: delete.
 *
 * <p><b>Queue key</b> namespace and name of the Secret. <b>Flags</b> none. Off unless selected by
 * name.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> a token is never deleted before its time, nor another incarnation of its
 * name; one without an expiration stays.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/token-cleaner.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.tokencleaner;

import org.jspecify.annotations.NullMarked;
