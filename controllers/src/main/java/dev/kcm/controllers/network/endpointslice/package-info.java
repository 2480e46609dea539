/**
 * The EndpointSlice controller: EndpointSlices list the pods of each Service, for each family of
 * addresses, with hints which zone should use which.
 *
 * <p><b>Watches</b> Services, for what is wanted; pods and Nodes, for addresses, readiness and
 * zones; EndpointSlices, for what is written down.
 *
 * <p><b>Writes</b> endpointslices: create, update, delete; events: create, patch.
 *
 * <p><b>Queue key</b> {@code endpoint_slice}; namespace and name of the Service; a key that failed
 * waits 1 s, 2 s, ... 1000 s; a key that fails is tried again 15 times in a row, then with the next
 * event.
 *
 * <p><b>Flags</b> {@code --concurrent-service-endpoint-syncs}, {@code --max-endpoints-per-slice},
 * {@code --endpointslice-updates-batch-period}.
 *
 * <p><b>Events</b> as {@code endpoint-slice-controller}, on the Service: {@code
 * FailedToUpdateEndpointSlices}, {@code TopologyAwareHintsEnabled}, {@code
 * TopologyAwareHintsDisabled}.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> {@code endpoint_slice_controller_*}.
 *
 * <p><b>Feature gates</b> {@code PreferSameTrafficDistribution} (on): traffic distributions {@code
 * PreferSameZone} and {@code PreferSameNode}.
 *
 * <p><b>Invariants</b> slices of other managers are never touched; slices that say the right thing
 * are never rewritten to be fuller; a pod is in exactly one slice for each family and set of ports.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Whether the cache is up to date is told by counted creations and deletions; every write
 *       carries the version it is based on; <i>upstream compares generations it remembers; its
 *       recycled updates are unconditional</i>
 *   <li>Each change of an own slice is looked at, a second later; <i>what a stale cache led to is
 *       repaired; the extra look writes nothing</i>
 *   <li>The trigger time comes from what the slices said before, not from memory; <i>a restart of
 *       the manager is not told as a change</i>
 *   <li>Gauges count both families of a Service; <i>upstream keeps only the last one</i>
 *   <li>Nodes that change wake all Services in mode Auto; <i>upstream picks those that are
 *       overloaded; the others write nothing</i>
 *   <li>Events about hints come with a write, and when hints appear or go; going over from a
 *       traffic distribution to none is told as well; <i>upstream remembers what it told, in
 *       memory</i>
 *   <li>An empty selector is a missing one; <i>the API server does not tell them apart</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.network.endpointslice;

import org.jspecify.annotations.NullMarked;
