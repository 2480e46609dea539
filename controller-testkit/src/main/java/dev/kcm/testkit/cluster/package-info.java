/**
 * An API server inside the test, with virtual time and faults on request.
 *
 * <p>Start from {@link dev.kcm.testkit.cluster.KubernetesTest} and {@link
 * dev.kcm.testkit.cluster.TestCluster}:
 *
 * <pre>{@code
 * @KubernetesTest
 * class GreetingTest {
 *   @Test
 *   void greets(TestCluster cluster) {
 *     cluster.start(Greetings.controller());
 *     cluster.create(Greetings.person("ann"));
 *     cluster.run();
 *     assertThat(cluster.requests()).sent(1, Verb.CREATE, "configmaps");
 *   }
 * }
 * }</pre>
 *
 * <p>{@link dev.kcm.testkit.cluster.InProcessApiClient} joins the port of controller-core to the
 * embedded cluster without a socket between them. On virtual time every answer and every watch
 * event arrives when the test lets tasks run, on its thread, in an order that follows from the
 * seed. In real time the threads are those of the environment.
 *
 * <p>Not promised: admission webhooks, schemas of custom resources, and the speed of a real server.
 */
@NullMarked
package dev.kcm.testkit.cluster;

import org.jspecify.annotations.NullMarked;
