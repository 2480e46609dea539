/**
 * A {@code Loop} joins the parts of a controller: event to key, key to snapshot, snapshot to plan,
 * plan to executor.
 *
 * <p>Workers are started on demand, up to the configured number, and hold no thread while a plan
 * waits for the server.
 */
@NullMarked
package dev.kcm.core.loop;

import org.jspecify.annotations.NullMarked;
