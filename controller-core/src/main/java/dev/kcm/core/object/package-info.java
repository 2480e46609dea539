/**
 * Values and pure functions over Kubernetes objects: keys, resource types, API errors, owner
 * references, conditions, names.
 *
 * <p>Nothing here has state, reads a clock or talks to a server.
 */
@NullMarked
package dev.kcm.core.object;

import org.jspecify.annotations.NullMarked;
