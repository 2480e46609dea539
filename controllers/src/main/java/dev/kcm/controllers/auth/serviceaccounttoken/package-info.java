/**
 * Tokens of ServiceAccounts in Secrets, as users ask for them: a Secret of the type {@code
 * kubernetes.io/service-account-token} is filled with a token of its account, the namespace and the
 * certificates to trust the API server by. It goes when its account does.
 *
 * <p><b>Watches</b> ServiceAccounts, for those that go; Secrets of the type.
 *
 * <p><b>Writes</b> secrets: get, update, delete; serviceaccounts: get, update (to take out the name
 * of a Secret that is gone).
 *
 * <p><b>Queue key</b> two named {@code serviceaccount_tokens_service}: Secrets, with their UID and
 * account; deleted accounts, with their UID. A key that fails is tried again 10 times in a row,
 * then with the next event.
 *
 * <p><b>Flags</b> {@code --service-account-private-key-file}, {@code --root-ca-file}, {@code
 * --concurrent-serviceaccount-token-syncs}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> a Secret is filled only as the server has it at that moment; a token is
 * never replaced; a deletion names the UID seen; a key and a token are never logged.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Conflicts are tried again like other failures; <i>upstream waits for the event; looking
 *       twice costs nothing</i>
 *   <li>A reference that cannot be taken out of an account is tried again 10 times; <i>upstream
 *       tries for about a second and gives up</i>
 *   <li>An account that went without its deletion being seen counts as deleted; <i>upstream drops
 *       such news</i>
 *   <li>A Secret that is being deleted is not filled; <i>it would be a write for nothing</i>
 *   <li>Key files that others may use are warned of; <i>whoever has the key is everybody</i>
 *   <li>A key that cannot be used is reported at start with all other wrong files; <i>it would fail
 *       at the take-over</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.serviceaccounttoken;

import org.jspecify.annotations.NullMarked;
