/**
 * The cleaner of legacy tokens: token Secrets that Kubernetes made automatically before 1.24 and
 * that nobody uses are marked, and when nobody misses them, deleted.
 *
 * <p><b>Watches</b> ServiceAccounts, Secrets, Pods.
 *
 * <p><b>Writes</b> secrets: patch, delete; configmaps: get ({@code
 * kube-system/kube-apiserver-legacy-service-account-token-tracking}).
 *
 * <p><b>Queue key</b> {@code legacy_service_account_token_cleaner}; one key: a pass at start, then
 * every 24 hours.
 *
 * <p><b>Flags</b> {@code --legacy-service-account-token-clean-up-period}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> nothing is touched before the API server has noted uses for a whole period;
 * nor Secrets that users made, that a pod refers to, or that changed since they were seen.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>What fails is tried again with back-off; <i>upstream waits for the next day</i>
 *   <li>Without such Secrets the ConfigMap is not asked for; <i>the answer would change nothing</i>
 *   <li>Marks and deletions name the UID that was seen; <i>a Secret made meanwhile under the same
 *       name is none of them</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.legacytokencleaner;

import org.jspecify.annotations.NullMarked;
