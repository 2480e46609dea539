/**
 * A whole embedded cluster, as an object for programs and tests, and as a program.
 *
 * <pre>{@code
 * try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(2).start()) {
 *   Config config = Config.fromKubeconfig(cluster.adminKubeconfig());
 *   ...
 * }
 * }</pre>
 */
@NullMarked
package dev.kcm.embedded.boot;

import org.jspecify.annotations.NullMarked;
