/**
 * Tokens of ServiceAccounts in Secrets, as users ask for them: a Secret of the type {@code
 * kubernetes.io/service-account-token} is filled with a token, the namespace and the certificates
 * to trust, and goes when its account does.
 *
 * <p><b>Watches</b> ServiceAccounts, for those that go; Secrets of the type.
 *
 * <p><b>Reads</b> from the server itself: accounts that the cache does not have, Secrets before
 * they are filled.
 *
 * <p><b>Writes</b> secrets: update, delete. serviceaccounts: update, to take out the name of a
 * Secret that is gone.
 *
 * <p><b>Queue keys</b> a deleted account, with its UID; a Secret with its UID and those of its
 * account. <b>Flags</b> {@code --service-account-private-key-file} (without it the controller is
 * skipped), {@code --root-ca-file}, {@code --concurrent-serviceaccount-token-syncs}, for each of
 * the two queues. Ten retries.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> a Secret is filled only as the server has it at that moment; a token is
 * never replaced; a deletion names the UID seen; a key and a token are never logged.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/serviceaccount-token.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.serviceaccounttoken;

import org.jspecify.annotations.NullMarked;
