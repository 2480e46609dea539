/**
 * Simulated kubelets and a small scheduler, so that workloads run without a container runtime.
 *
 * <p>Start from {@link dev.kcm.embedded.nodes.SimulatedNodes}. Nodes register themselves, renew
 * their leases, make the pods bound to them run, and finish deletions; a stopped node falls silent.
 * They use the API server like real ones, only without a network in between.
 *
 * <p>Everything happens in turns of one mailbox on a shared executor: there is no thread per node
 * or pod. What to do with a pod ({@link dev.kcm.embedded.nodes.PodLifecycle}) and where to put it
 * ({@link dev.kcm.embedded.nodes.LeastLoaded}) are decided by classes without input or output.
 */
@NullMarked
package dev.kcm.embedded.nodes;

import org.jspecify.annotations.NullMarked;
