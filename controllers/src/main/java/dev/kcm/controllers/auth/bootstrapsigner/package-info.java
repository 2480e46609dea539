/**
 * The bootstrap signer: signs the kubeconfig in ConfigMap kube-public/cluster-info with each
 * bootstrap token, so that a joining node can tell it from a forged one.
 *
 * <p><b>Watches</b> ConfigMaps, for cluster-info; Secrets in kube-system, for bootstrap tokens.
 *
 * <p><b>Writes</b> configmaps: update.
 *
 * <p><b>Queue key</b> always kube-public/cluster-info. <b>Flags</b> none. Off unless selected by
 * name.
 *
 * <p><b>Events, conditions, metrics</b> none of its own.
 *
 * <p><b>Invariants</b> one signature for each valid token and none for others; what else stands in
 * the ConfigMap is left alone.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/bootstrap-signer.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.bootstrapsigner;

import org.jspecify.annotations.NullMarked;
