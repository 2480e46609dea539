/** A Kubernetes API server with simulated nodes in one JVM, for development and tests. */
@NullMarked
package dev.kcm.embedded;

import org.jspecify.annotations.NullMarked;
