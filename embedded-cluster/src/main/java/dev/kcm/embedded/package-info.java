/**
 * A Kubernetes API server with simulated nodes in one JVM, in memory.
 *
 * <p>It is a development tool: the sandbox and the tests of controllers run on it, production runs
 * on a real API server and etcd. The way a request takes: {@code http} turns it into an {@code
 * ApiRequest}, {@code access} knows who sends it and what they may do, {@code resource} decides and
 * answers, {@code patch} computes patched objects, {@code store} is the truth. {@code nodes} plays
 * kubelets and scheduler, {@code pki} makes certificates and kubeconfigs.
 *
 * <p>The behaviour follows what a Kubernetes 1.34 API server answers.
 */
@NullMarked
package dev.kcm.embedded;

import org.jspecify.annotations.NullMarked;
