/**
 * A library for Kubernetes controllers: informers, rate-limited work queues, Lease-based leader
 * election and a controller runtime.
 *
 * <p>Data takes one way: a watch event changes an {@code informer}'s store and reaches a handler; a
 * handler turns it into a key in a {@code queue}; a worker of a {@code loop} reads a snapshot for
 * the key, a {@code plan.Reconciler} turns the snapshot into a plan, and the executor of {@code
 * run} carries the plan out through the {@code api} port. {@code lease} decides which process may
 * write, {@code manager} starts and stops all of it in order, {@code time} gives clocks, timers,
 * randomness and threads.
 *
 * <p>Nothing here exits the JVM, keeps static state or installs anything global.
 */
@NullMarked
package dev.kcm.core;

import org.jspecify.annotations.NullMarked;
