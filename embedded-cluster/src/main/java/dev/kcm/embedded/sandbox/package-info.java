/**
 * The sandbox: an embedded cluster with simulated nodes and several {@code kube-controller-manager}
 * processes on this machine, to try them out by hand or to walk through what they promise.
 *
 * <p>It treats the managers as an administrator does: as processes with flags, logs, signals and an
 * HTTPS port. The walk-through talks to the API server as any client does.
 */
@NullMarked
package dev.kcm.embedded.sandbox;

import org.jspecify.annotations.NullMarked;
