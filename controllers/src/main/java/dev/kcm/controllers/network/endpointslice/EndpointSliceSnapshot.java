package dev.kcm.controllers.network.endpointslice;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All inputs of one decision.
 *
 * @param service the Service
 * @param pods those it selects, in any state; by name
 * @param slices those this controller wrote for it; by name
 * @param zoneByNode zones of the nodes the pods are on, empty where a node has none; a node that is
 *     not known is not in it
 * @param zones capacity of the zones; asked for only where the Service wants it
 * @param settled whether everything earlier runs created and deleted has been seen to arrive
 * @param settings tunables
 */
record EndpointSliceSnapshot(
    Service service,
    List<Pod> pods,
    List<EndpointSlice> slices,
    Map<String, String> zoneByNode,
    ZoneShares zones,
    boolean settled,
    EndpointSliceReader.Settings settings) {

  EndpointSliceSnapshot {
    pods =
        pods.stream().sorted(Comparator.comparing((Pod p) -> p.getMetadata().getName())).toList();
    slices =
        slices.stream()
            .sorted(Comparator.comparing((EndpointSlice s) -> s.getMetadata().getName()))
            .toList();
    zoneByNode = Map.copyOf(zoneByNode);
  }
}
