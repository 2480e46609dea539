/**
 * Time, randomness and threads, given to every component as one {@link
 * dev.kcm.core.time.Environment}.
 *
 * <p>{@link dev.kcm.core.time.Environment#system()} is the real one; {@link
 * dev.kcm.core.time.VirtualEnvironment} steps virtual time on the calling thread, so that a test
 * runs hours in milliseconds and the same seed gives the same run.
 *
 * <p>Durations are measured with {@link dev.kcm.core.time.Ticker}; {@link
 * dev.kcm.core.time.WallClock} only fills timestamps of API objects.
 */
@NullMarked
package dev.kcm.core.time;

import org.jspecify.annotations.NullMarked;
