/** Informers, work queues, Lease-based leader election and a controller runtime for Kubernetes. */
@NullMarked
package dev.kcm.core;

import org.jspecify.annotations.NullMarked;
