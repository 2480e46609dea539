package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SlicePorts;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many endpoints a run adds, changes and takes away.
 *
 * @param added not listed before at these ports
 * @param updated listed before, but otherwise
 * @param removed not listed any more
 */
record MirrorCounts(int added, int updated, int removed) {

  static MirrorCounts of(List<EndpointSlice> slices, WantedMirrors wanted) {
    Map<WantedMirrors.Place, Map<EndpointIdentity, Endpoint>> before = new HashMap<>();
    int listed = 0;
    for (EndpointSlice slice : slices) {
      Map<EndpointIdentity, Endpoint> here =
          before.computeIfAbsent(
              new WantedMirrors.Place(slice.getAddressType(), SlicePorts.of(slice)),
              place -> new HashMap<>());
      slice.getEndpoints().forEach(e -> here.put(EndpointIdentity.of(e), e));
      listed += slice.getEndpoints().size();
    }
    int added = 0;
    int updated = 0;
    int kept = 0;
    for (var place : wanted.byPlace().entrySet()) {
      Map<EndpointIdentity, Endpoint> here = before.getOrDefault(place.getKey(), Map.of());
      for (var mirror : place.getValue().entrySet()) {
        Endpoint old = here.get(mirror.getKey());
        if (old == null) {
          added++;
        } else {
          kept++;
          updated += EndpointIdentity.sameBeyond(old, mirror.getValue()) ? 0 : 1;
        }
      }
    }
    return new MirrorCounts(added, updated, Math.max(0, listed - kept));
  }
}
