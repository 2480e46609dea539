/**
 * One identity for each controller: a service account of the cluster, with tokens that the API
 * server issues and that are renewed in time. Start from {@link
 * dev.kcm.daemon.accounts.ServiceAccounts}.
 *
 * <p>Accounts and tokens are asked for with the credentials of the process; the requests of a
 * controller carry the token of its account and nothing else. Nothing here blocks: a request that
 * comes before the first token waits for it without a thread.
 */
@NullMarked
package dev.kcm.daemon.accounts;

import org.jspecify.annotations.NullMarked;
