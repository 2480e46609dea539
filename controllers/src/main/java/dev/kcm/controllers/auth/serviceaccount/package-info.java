/**
 * The ServiceAccount controller: each active namespace has a ServiceAccount {@code default}.
 *
 * <p><b>Watches</b> Namespaces, for those that are active; ServiceAccounts, for those that are
 * gone.
 *
 * <p><b>Writes</b> serviceaccounts: create.
 *
 * <p><b>Queue key</b> name of the Namespace. <b>Flags</b> none; 1 worker.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> existing ServiceAccounts are never changed; nothing is created in a
 * namespace on its way out.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/serviceaccount.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.serviceaccount;

import org.jspecify.annotations.NullMarked;
