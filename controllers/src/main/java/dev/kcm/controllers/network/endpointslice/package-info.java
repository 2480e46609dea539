/**
 * The EndpointSlice controller: slices of at most 100 endpoints list the pods of each Service, for
 * each family of addresses, with hints which zone should use which.
 *
 * <p><b>Watches</b> Services, for what is wanted; pods and Nodes, for addresses, readiness and
 * zones; EndpointSlices, for what is written down.
 *
 * <p><b>Writes</b> endpointslices: create, update, delete; events: create, patch.
 *
 * <p><b>Queue key</b> namespace and name of the Service. <b>Flags</b> {@code
 * --concurrent-service-endpoint-syncs} (5), {@code --max-endpoints-per-slice} (100), {@code
 * --endpointslice-updates-batch-period} (0).
 *
 * <p><b>Events</b> FailedToUpdateEndpointSlices, TopologyAwareHintsEnabled,
 * TopologyAwareHintsDisabled, on the Service. <b>Conditions</b> none. <b>Metrics</b> {@code
 * endpoint_slice_controller_*}. <b>Feature gates</b> {@code PreferSameTrafficDistribution} (on).
 *
 * <p><b>Invariants</b> slices of other managers are never touched; slices that say the right thing
 * are never rewritten to be fuller; a pod is in exactly one slice for each family and set of ports.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/endpointslice.md}.
 */
@NullMarked
package dev.kcm.controllers.network.endpointslice;

import org.jspecify.annotations.NullMarked;
