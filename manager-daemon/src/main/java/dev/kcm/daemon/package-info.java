/**
 * The program {@code kube-controller-manager}: upstream's flags, HTTPS with health and metrics,
 * leader election, and the controllers.
 *
 * <p>{@code boot} starts and stops everything in order; {@code flags} and {@code options} read the
 * command line; {@code tls}, {@code auth} and {@code http} serve HTTPS; {@code endpoints} are the
 * paths; {@code logs} writes lines as operators know them; {@code notify} talks to systemd.
 */
@NullMarked
package dev.kcm.daemon;

import org.jspecify.annotations.NullMarked;
