/**
 * Leader election on a coordination.k8s.io/v1 Lease.
 *
 * <p>Start from {@link dev.kcm.core.lease.LeaderElector} and {@link dev.kcm.core.lease.Leadership},
 * which is the fence for writes:
 *
 * <pre>{@code
 * LeaderElectionConfig config =
 *     LeaderElectionConfig.defaults(LeaderElectionConfig.newIdentity("", environment.random()));
 * LeaseLock lock = KubeLeaseLock.of(client, environment, new ObjectKey("apps", "my-operator"));
 * LeaderElector elector = LeaderElector.builder(config, lock, callbacks).build(environment);
 * elector.start();
 * elector.leadership().guarded(() -> write());
 * elector.stop().toCompletableFuture().join(); // work ends, then the lease is given back
 * }</pre>
 *
 * <p>Nothing blocks: an election is a state machine on a mailbox, its requests are answered in time
 * or count as failed, and a watchdog of its own ends leadership when the lease was not renewed.
 *
 * <p>What is promised: of processes that all use this package, at most one believes to lead at any
 * time, as long as the rates of their monotonic clocks differ by less than lease duration over
 * renew deadline. Clock offsets, steps of wall clocks and suspended machines do not matter. What is
 * not:
 *
 * <ul>
 *   <li>The API server does not check who leads, so a write that was sent in time but arrives late
 *       is only stopped by its resourceVersion.
 *   <li>Somebody who deletes the Lease or takes its holder out by hand frees it: a candidate that
 *       starts at that moment leads, while the former leader learns of it with its next renewal, or
 *       at once where the Lease can be watched. Candidates that saw the holder before wait for it
 *       after a deletion.
 * </ul>
 */
@NullMarked
package dev.kcm.core.lease;

import org.jspecify.annotations.NullMarked;
