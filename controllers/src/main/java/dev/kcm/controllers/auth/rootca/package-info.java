/**
 * The root CA publisher: each namespace has a ConfigMap {@code kube-root-ca.crt} whose key {@code
 * ca.crt} holds the certificates that prove the API server's identity to pods.
 *
 * <p><b>Watches</b> Namespaces, for new ones; ConfigMaps, for the published one.
 *
 * <p><b>Writes</b> configmaps: create, update.
 *
 * <p><b>Queue key</b> {@code root_ca_cert_publisher}; name of the Namespace; 1 worker.
 *
 * <p><b>Flags</b> {@code --root-ca-file}.
 *
 * <p><b>Events</b> none.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> {@code root_ca_cert_publisher_sync_total} and {@code
 * root_ca_cert_publisher_sync_duration_seconds}, by {@code code}: 200, the status code of the API
 * server's error, or 500.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> labels, other annotations and {@code binaryData} of the ConfigMap stay;
 * nothing is created in a namespace known to be on its way out.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>A CA that the kubeconfig names as a file is published; <i>upstream publishes an empty
 *       text</i>
 *   <li>No create is sent to a namespace known to be on its way out; <i>the server would refuse
 *       it</i>
 *   <li>A {@code --root-ca-file} that cannot be read is reported at start with all other wrong
 *       files, by a standby too; <i>it would fail at the take-over</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.auth.rootca;

import org.jspecify.annotations.NullMarked;
