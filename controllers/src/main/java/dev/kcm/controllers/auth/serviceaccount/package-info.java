/**
 * The ServiceAccount controller: each active namespace has a ServiceAccount {@code default}.
 *
 * <p><b>Watches</b> Namespaces, for those that are active; ServiceAccounts, for those that are
 * gone.
 *
 * <p><b>Writes</b> serviceaccounts: create.
 *
 * <p><b>Queue key</b> {@code serviceaccount}; name of the Namespace; 1 worker.
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
 * <p><b>Invariants</b> existing ServiceAccounts are never changed; nothing is created in a
 * namespace on its way out.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Nothing is created in a namespace with a deletionTimestamp, whatever its phase; <i>the
 *       server would refuse it</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.serviceaccount;

import org.jspecify.annotations.NullMarked;
