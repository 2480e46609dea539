/**
 * The truth of the embedded API server: versioned objects, one revision counter, and the history
 * that watches and old lists are answered from.
 *
 * <p>Start from {@link dev.kcm.embedded.store.Store}. Objects are Jackson trees that nobody changes
 * once they are stored; an update stores a new tree, which may share branches with the old one.
 */
@NullMarked
package dev.kcm.embedded.store;

import org.jspecify.annotations.NullMarked;
