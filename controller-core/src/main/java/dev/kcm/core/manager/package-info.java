/**
 * Starts and stops controllers in order: informers, leadership, loops; and says how they are.
 *
 * <p>Start from {@code ControllerSpec} and {@code Manager}.
 */
@NullMarked
package dev.kcm.core.manager;

import org.jspecify.annotations.NullMarked;
