/**
 * The cleaner of legacy tokens: a token Secret that was made automatically, as Kubernetes did
 * before 1.24, and that nobody has used for long is marked, and when it is still not missed after
 * as long again, deleted.
 *
 * <p><b>Watches</b> ServiceAccounts, Secrets, Pods.
 *
 * <p><b>Reads</b> from the server itself: configmaps kube-system/{@code
 * kube-apiserver-legacy-service-account-token-tracking}.
 *
 * <p><b>Writes</b> secrets: patch, delete.
 *
 * <p><b>Queue key</b> a single one; a pass at start and every 24 hours. <b>Flag</b> {@code
 * --legacy-service-account-token-clean-up-period}.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> nothing is touched before the API server has noted uses for a whole period;
 * nor Secrets that users made, that a pod refers to, or that changed since they were seen.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/legacy-serviceaccount-token-cleaner.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.legacytokencleaner;

import org.jspecify.annotations.NullMarked;
