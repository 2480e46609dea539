/**
 * The bootstrap signer: signs the kubeconfig in ConfigMap {@code kube-public/cluster-info} with
 * each bootstrap token, so that a joining node can tell it from a forged one.
 *
 * <p><b>Watches</b> ConfigMaps, for cluster-info; Secrets in kube-system, for bootstrap tokens.
 *
 * <p><b>Writes</b> configmaps: update ({@code kube-public/cluster-info}).
 *
 * <p><b>Queue key</b> {@code bootstrap_signer_queue}; one key: {@code kube-public/cluster-info}; 1
 * worker.
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
 * <p><b>Invariants</b> one signature for each valid token and none for others; what else stands in
 * the ConfigMap is left alone.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A signature goes away when its token expires; <i>upstream waits until something else
 *       changes</i>
 *   <li>A write that fails is tried again with back-off; <i>upstream waits for the next event</i>
 *   <li>A token whose deletion was missed by the watch counts; <i>upstream drops such events</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.bootstrapsigner;

import org.jspecify.annotations.NullMarked;
