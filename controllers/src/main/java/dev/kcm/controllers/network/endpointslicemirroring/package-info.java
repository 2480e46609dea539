/**
 * The mirroring controller: Endpoints that users make for Services without selector are listed in
 * EndpointSlices as well, where proxies look.
 *
 * <p><b>Watches</b> Endpoints, for what is to be mirrored; Services, for those without selector;
 * EndpointSlices, for what is written down.
 *
 * <p><b>Writes</b> endpointslices: create, update, delete; events: create, patch.
 *
 * <p><b>Queue key</b> namespace and name of the Endpoints, and of the Service. <b>Flags</b> {@code
 * --mirroring-concurrent-service-endpoint-syncs} (5), {@code --mirroring-max-endpoints-per-subset}
 * (1000), {@code --mirroring-endpointslice-updates-batch-period} (0).
 *
 * <p><b>Events</b> InvalidIPAddress, TooManyAddressesToMirror, on the Endpoints. <b>Conditions</b>
 * none. <b>Metrics</b> {@code endpoint_slice_mirroring_controller_*}.
 *
 * <p><b>Invariants</b> one slice for each family and set of ports; slices of other managers are
 * never touched, and this controller and the EndpointSlice controller never look after one Service.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/endpointslice-mirroring.md}.
 */
@NullMarked
package dev.kcm.controllers.network.endpointslicemirroring;

import org.jspecify.annotations.NullMarked;
