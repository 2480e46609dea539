/**
 * The Endpoints controller: the Endpoints of a Service list the addresses of the pods it selects.
 *
 * <p><b>Watches</b> Services, for what is wanted; pods, for their addresses; Endpoints, for what is
 * written down.
 *
 * <p><b>Writes</b> endpoints: create, update, delete; events: create, patch.
 *
 * <p><b>Queue key</b> namespace and name of the Service. <b>Flags</b> {@code
 * --concurrent-endpoint-syncs} (5), {@code --endpoint-updates-batch-period} (0).
 *
 * <p><b>Events</b> FailedToCreateEndpoint, FailedToUpdateEndpoint, on the Endpoints. <b>Conditions,
 * metrics</b> none of its own.
 *
 * <p><b>Invariants</b> Endpoints of a Service without selector are never touched; other annotations
 * stay; at most 1000 addresses are listed.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/endpoints.md}.
 */
@NullMarked
package dev.kcm.controllers.network.endpoints;

import org.jspecify.annotations.NullMarked;
