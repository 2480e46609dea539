/**
 * The mirroring controller: Endpoints that users make for Services without selector are listed in
 * EndpointSlices as well, where proxies look.
 *
 * <p><b>Watches</b> Endpoints, for what is to be mirrored; Services, for those without selector;
 * EndpointSlices, for what is written down.
 *
 * <p><b>Writes</b> endpointslices: create, update, delete; events: create, patch.
 *
 * <p><b>Queue key</b> {@code endpoint_slice_mirroring}; namespace and name of the Endpoints; a key
 * that failed waits 1 s, 2 s, ... 100 s; a key that fails is tried again 15 times in a row, then
 * with the next event.
 *
 * <p><b>Flags</b> {@code --mirroring-concurrent-service-endpoint-syncs}, {@code
 * --mirroring-max-endpoints-per-subset}, {@code --mirroring-endpointslice-updates-batch-period}.
 *
 * <p><b>Events</b> as {@code endpoint-slice-mirroring-controller}, on the Endpoints: {@code
 * InvalidIPAddress}, {@code TooManyAddressesToMirror}.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> {@code endpoint_slice_mirroring_controller_*}.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> one slice for each family and set of ports; slices of other managers are
 * never touched, and this controller and the EndpointSlice controller never look after one Service.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Whether the cache is up to date is told by counted creations and deletions; every write
 *       carries the version it is based on; <i>upstream compares generations it remembers, and
 *       writes unconditionally</i>
 *   <li>Slices to be written anew are paired by what they are; <i>upstream pairs by name, which new
 *       ones do not have</i>
 *   <li>A slice that is gone already when it is to be deleted is no failure; <i>it is what was
 *       wanted</i>
 *   <li>{@code ..._endpoints_sync_duration} is missing; <i>histograms of fractions need a name that
 *       ends in {@code _seconds} here</i>
 *   <li>An empty selector is a missing one; <i>the API server does not tell them apart</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.network.endpointslicemirroring;

import org.jspecify.annotations.NullMarked;
