/**
 * Certificates, keys and kubeconfigs of one embedded cluster.
 *
 * <p>Start from {@link dev.kcm.embedded.pki.Pki}: it makes everything in memory, or keeps it in a
 * directory under the file names that hand-made clusters use, so that programs started with those
 * paths find them. {@link dev.kcm.embedded.pki.Kubeconfig} renders what a client loads.
 *
 * <p>Certificates live by the system clock, because the TLS peers do; the clock of the cluster may
 * run differently. Nothing is promised about strength beyond what a development cluster needs.
 */
@NullMarked
package dev.kcm.embedded.pki;

import org.jspecify.annotations.NullMarked;
