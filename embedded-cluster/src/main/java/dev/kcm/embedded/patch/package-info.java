/**
 * Patch types of the API as pure functions from tree and patch to tree: JSON patch, JSON merge
 * patch, strategic merge patch, server-side apply.
 *
 * <p>Start from {@link dev.kcm.embedded.patch.Patches} and {@link
 * dev.kcm.embedded.patch.ServerSideApply}. How lists merge is a matter of the type of the object:
 * {@link dev.kcm.embedded.patch.ApiTypes} knows the types of the built-in kinds. Arguments are
 * never changed, and results share nothing with them.
 */
@NullMarked
package dev.kcm.embedded.patch;

import org.jspecify.annotations.NullMarked;
