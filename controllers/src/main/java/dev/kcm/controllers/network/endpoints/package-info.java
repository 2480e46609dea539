/**
 * The Endpoints controller: the Endpoints of a Service list the addresses of the pods it selects,
 * and whether they are ready.
 *
 * <p><b>Watches</b> Services, for what is wanted; pods, for their addresses; Endpoints, for what is
 * written down.
 *
 * <p><b>Writes</b> endpoints: create, update, delete; services: get (whether one is gone for the
 * server too); events: create, patch.
 *
 * <p><b>Queue key</b> {@code endpoint}; namespace and name of the Service; a key that fails is
 * tried again 15 times in a row, then with the next event.
 *
 * <p><b>Flags</b> {@code --concurrent-endpoint-syncs}, {@code --endpoint-updates-batch-period}.
 *
 * <p><b>Events</b> as {@code endpoint-controller}, on the Endpoints: {@code
 * FailedToCreateEndpoint}, {@code FailedToUpdateEndpoint}.
 *
 * <p><b>Conditions</b> none.
 *
 * <p><b>Metrics</b> none.
 *
 * <p><b>Feature gates</b> none.
 *
 * <p><b>Invariants</b> Endpoints of a Service without selector are never touched; other annotations
 * stay; at most 1000 addresses are listed.
 *
 * <p><b>Differences to upstream</b>
 *
 * <ul>
 *   <li>Changes of Endpoints that carry this controller's label wake their Service; <i>edits are
 *       put back at once, and a write decided on an old cache is looked at again; upstream waits
 *       for the next change of Service or pods</i>
 *   <li>The trigger time comes from what the object said before, not from memory; <i>a restart of
 *       the manager is not told as a change; a write that failed does not lose it</i>
 *   <li>Truncated Endpoints are not written again while nothing changes; <i>upstream writes them
 *       with every look</i>
 *   <li>Leftovers are deleted with the UID seen, and no request is sent for a Service that has
 *       none; <i>nothing made anew meanwhile is deleted</i>
 *   <li>Events about a failed creation are in the namespace of the Service; <i>upstream's land in
 *       {@code default}</i>
 *   <li>An empty selector is a missing one; <i>the API server does not tell them apart</i>
 *   <li>A new Endpoints object is not created for a Service that is being deleted; <i>it would be
 *       left over</i>
 *   <li>A pod that ends wakes its Services even if it was not ready; <i>it must not stay listed</i>
 * </ul>
 */
@NullMarked
package dev.kcm.controllers.network.endpoints;

import org.jspecify.annotations.NullMarked;
