/**
 * Who sends a request, and what they may do: service account, legacy and bootstrap tokens, RBAC
 * with the roles a cluster starts with, and the reviews by which other programs ask for both.
 *
 * <p>Start from {@link dev.kcm.embedded.access.AccessControl}. All types may be used by several
 * threads at once.
 */
@NullMarked
package dev.kcm.embedded.access;

import org.jspecify.annotations.NullMarked;
