package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.ServicePods;
import dev.kcm.controllers.shared.slices.ManagedSlices;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a Service, its pods with their zones, and its slices from the caches. Services that lead to
 * no pods are not looked at.
 *
 * <p>Thread-safe: listers are.
 */
final class EndpointSliceReader implements Reader<EndpointSliceSnapshot> {

  private final Settings settings;
  private final Lister<Service> services;
  private final ServicePods pods;
  private final ManagedSlices slices;
  private final Lister<Node> nodes;
  private final ZoneCapacity zones;

  /**
   * What does not change.
   *
   * @param maxEndpoints most endpoints of one slice
   * @param preferSame whether traffic distributions PreferSameZone and PreferSameNode are known
   */
  record Settings(int maxEndpoints, boolean preferSame) {}

  EndpointSliceReader(
      Settings settings,
      Lister<Service> services,
      ServicePods pods,
      ManagedSlices slices,
      Lister<Node> nodes,
      ZoneCapacity zones) {
    this.settings = settings;
    this.services = services;
    this.pods = pods;
    this.slices = slices;
    this.nodes = nodes;
    this.zones = zones;
  }

  @Override
  public Optional<EndpointSliceSnapshot> read(ObjectKey key, boolean settled) {
    return services
        .get(key)
        .filter(ServiceAddresses::leadsToPods)
        .map(service -> snapshot(key, service, settled));
  }

  private EndpointSliceSnapshot snapshot(ObjectKey key, Service service, boolean settled) {
    List<Pod> selected = pods.of(service);
    return new EndpointSliceSnapshot(
        service,
        selected,
        slices.of(key),
        zoneByNode(selected),
        TopologyMode.isAuto(service) ? zones.shares() : ZoneShares.UNKNOWN,
        settled,
        settings);
  }

  private Map<String, String> zoneByNode(List<Pod> selected) {
    Map<String, String> zoneByNode = new HashMap<>();
    for (Pod pod : selected) {
      String name = PodStates.nodeName(pod);
      if (!zoneByNode.containsKey(name)) {
        nodes
            .get(new ObjectKey("", name))
            .ifPresent(node -> zoneByNode.put(name, ZoneCapacity.zone(node)));
      }
    }
    return zoneByNode;
  }
}
