package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SliceChanges;
import dev.kcm.controllers.shared.slices.SlicePorts;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Works out what is to be done for the slices of one address type.
 *
 * @param addressType {@code IPv4} or {@code IPv6}
 * @param wanted the endpoints there should be
 * @param changes what is to be done
 * @param hints what became of hints
 */
record TypeReconciliation(
    String addressType, WantedSliceEndpoints wanted, TypeChanges changes, Hints.Result hints) {

  static TypeReconciliation of(EndpointSliceSnapshot snapshot, String addressType) {
    SliceTemplate template = SliceTemplate.of(snapshot.service(), addressType);
    WantedSliceEndpoints wanted = WantedSliceEndpoints.of(snapshot, addressType);
    TypeChanges changes = new TypeChanges();
    List<EndpointSlice> existing =
        snapshot.slices().stream()
            .filter(slice -> slice.getAddressType().equals(addressType))
            .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
            .toList();
    Map<SlicePorts, List<EndpointSlice>> byPorts = byPorts(snapshot.service(), existing, changes);
    wanted
        .byPorts()
        .forEach(
            (ports, endpoints) ->
                pack(template, snapshot, ports, taken(byPorts, ports), endpoints, changes));
    for (List<EndpointSlice> unwanted : byPorts.values()) {
      unwanted.forEach(slice -> changes.removed += slice.getEndpoints().size());
      changes.delete.addAll(unwanted);
    }
    keepOnePlaceholder(template, existing.size(), changes);
    Hints.Result hints = Hints.apply(snapshot, addressType, existing, changes);
    return new TypeReconciliation(addressType, wanted, changes, hints);
  }

  /** How many slices there would be if they were all packed anew. */
  int ideal(int most) {
    int slices = 0;
    for (Map<EndpointIdentity, Endpoint> group : wanted.byPorts().values()) {
      slices += Math.max(1, (group.size() + most - 1) / most);
    }
    return Math.max(1, slices);
  }

  private static Map<SlicePorts, List<EndpointSlice>> byPorts(
      Service service, List<EndpointSlice> existing, TypeChanges changes) {
    Map<SlicePorts, List<EndpointSlice>> byPorts = new LinkedHashMap<>();
    for (EndpointSlice slice : existing) {
      if (SliceChanges.isOwned(slice, service)) {
        byPorts.computeIfAbsent(SlicePorts.of(slice), ports -> new ArrayList<>()).add(slice);
      } else {
        changes.delete.add(slice);
      }
    }
    return byPorts;
  }

  private static void pack(
      SliceTemplate template,
      EndpointSliceSnapshot snapshot,
      SlicePorts ports,
      List<EndpointSlice> existing,
      Map<EndpointIdentity, Endpoint> endpoints,
      TypeChanges changes) {
    Packing.pack(template, ports, snapshot.settings().maxEndpoints(), existing, endpoints, changes);
  }

  private static List<EndpointSlice> taken(
      Map<SlicePorts, List<EndpointSlice>> byPorts, SlicePorts ports) {
    List<EndpointSlice> slices = byPorts.remove(ports);
    return slices == null ? List.of() : slices;
  }

  /** A Service without endpoints has one empty slice, so that readers know there are none. */
  private static void keepOnePlaceholder(
      SliceTemplate template, int existing, TypeChanges changes) {
    if (existing != changes.delete.size() || !changes.create.isEmpty()) {
      return;
    }
    EndpointSlice placeholder = template.slice(new SlicePorts(List.of()), List.of());
    if (changes.delete.size() == 1 && isPlaceholder(changes.delete.get(0), placeholder)) {
      changes.unchanged.add(changes.delete.remove(0));
    } else {
      changes.create.add(placeholder);
    }
  }

  private static boolean isPlaceholder(EndpointSlice slice, EndpointSlice placeholder) {
    return slice.getEndpoints().isEmpty()
        && slice.getPorts().isEmpty()
        && placeholder.getMetadata().getLabels().equals(slice.getMetadata().getLabels())
        && placeholder
            .getMetadata()
            .getOwnerReferences()
            .equals(slice.getMetadata().getOwnerReferences());
  }
}
