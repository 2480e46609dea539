/**
 * What controllers rely on in an API server, as tests that any server can be put under.
 *
 * <p>Extend {@link dev.kcm.testkit.contract.ApiServerContract} and say how a {@link
 * dev.kcm.testkit.contract.ContractServer} is started:
 *
 * <pre>{@code
 * class MyServerContractTest extends ApiServerContract {
 *   @Override
 *   protected ContractServer start() {
 *     return new MyServer();
 *   }
 * }
 * }</pre>
 *
 * <p>Each test has a namespace of its own and speaks plain HTTPS, so that no client library smooths
 * over an answer. The display name of a test begins with the chapter of the contract it belongs to,
 * A1 to A18; {@code docs/embedded-cluster.md} lists the chapters.
 *
 * <p>Not promised: that a server which passes is complete. The tests hold what
 * kube-controller-manager, kubectl and the usual client libraries need.
 */
@NullMarked
package dev.kcm.testkit.contract;

import org.jspecify.annotations.NullMarked;
