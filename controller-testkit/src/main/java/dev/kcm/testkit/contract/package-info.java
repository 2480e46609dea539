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
 * over an answer. The display name of a test begins with the rules of the contract it shows, for
 * example A4.3: the resource {@code rules.tsv} beside these classes lists all rules, with their
 * level (M must, S should, O optional), what they are about, and, for the few without a test, why.
 *
 * <p>Not promised: that a server which passes is complete. The tests hold what
 * kube-controller-manager, kubectl and the usual client libraries need.
 */
@NullMarked
package dev.kcm.testkit.contract;

import org.jspecify.annotations.NullMarked;
