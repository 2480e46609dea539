/**
 * An API server inside the test: {@link dev.kcm.testkit.cluster.InProcessApiClient} joins the port
 * of controller-core to the embedded cluster without a socket between them.
 *
 * <p>With {@link dev.kcm.core.time.VirtualEnvironment} every answer and every watch event arrives
 * when the test lets tasks run, in an order that follows from the seed.
 */
@NullMarked
package dev.kcm.testkit.cluster;

import org.jspecify.annotations.NullMarked;
