/**
 * The root CA publisher: each namespace has a ConfigMap {@code kube-root-ca.crt} with the
 * certificates that prove the API server's identity to pods.
 *
 * <p><b>Watches</b> Namespaces, for new ones; ConfigMaps, for the published one.
 *
 * <p><b>Writes</b> configmaps: create, update.
 *
 * <p><b>Queue key</b> name of the Namespace. <b>Flag</b> {@code --root-ca-file} (the certificates
 * of the kubeconfig); 1 worker.
 *
 * <p><b>Metrics</b> {@code root_ca_cert_publisher_sync_total}, {@code
 * root_ca_cert_publisher_sync_duration_seconds}, by {@code code}. <b>Events, conditions</b> none.
 *
 * <p><b>Invariants</b> labels, other annotations and {@code binaryData} of the ConfigMap stay;
 * nothing is created in a namespace known to be on its way out.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/root-ca-certificate-publisher.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.rootca;

import org.jspecify.annotations.NullMarked;
