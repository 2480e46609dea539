/**
 * Patch types of the API as pure functions from tree and patch to tree: JSON patch, JSON merge
 * patch, strategic merge patch, server-side apply.
 */
@NullMarked
package dev.kcm.embedded.patch;

import org.jspecify.annotations.NullMarked;
