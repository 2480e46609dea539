/**
 * Leader election on a coordination.k8s.io/v1 Lease.
 *
 * <p>What is promised: of processes that all use this package, at most one believes to lead at any
 * time, as long as the rates of their monotonic clocks differ by less than lease duration over
 * renew deadline. Clock offsets do not matter. What is not: the API server does not check who
 * leads, so a write that was sent in time but arrives late is only stopped by its resourceVersion.
 */
@NullMarked
package dev.kcm.core.lease;

import org.jspecify.annotations.NullMarked;
