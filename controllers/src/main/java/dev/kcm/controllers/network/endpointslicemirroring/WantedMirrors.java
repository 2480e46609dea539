package dev.kcm.controllers.network.endpointslicemirroring;

import dev.kcm.controllers.shared.services.IpAddress;
import dev.kcm.controllers.shared.services.SubsetContents;
import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SlicePorts;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that mirror the subsets of Endpoints, and how many addresses are left out.
 *
 * <p>Confined to the decision that makes it.
 */
final class WantedMirrors {

  /** Where endpoints are listed. */
  record Place(String addressType, SlicePorts ports) {}

  private final int most;
  private final Map<Place, Map<EndpointIdentity, Endpoint>> byPlace = new LinkedHashMap<>();
  private int invalid;
  private int skipped;

  private WantedMirrors(int most) {
    this.most = most;
  }

  static WantedMirrors of(Endpoints endpoints, int most) {
    WantedMirrors wanted = new WantedMirrors(most);
    SubsetContents.of(endpoints.getSubsets()).subsets().forEach(wanted::add);
    return wanted;
  }

  Map<Place, Map<EndpointIdentity, Endpoint>> byPlace() {
    return byPlace;
  }

  /** Most addresses of one subset. */
  int most() {
    return most;
  }

  /** Addresses that cannot be read. */
  int invalid() {
    return invalid;
  }

  /** Addresses that are left out, those that cannot be read among them. */
  int skipped() {
    return skipped;
  }

  private void add(EndpointSubset subset) {
    SlicePorts ports = new SlicePorts(subset.getPorts().stream().map(WantedMirrors::port).toList());
    int taken = 0;
    for (EndpointAddress address : subset.getAddresses()) {
      taken += add(ports, address, true, taken);
    }
    for (EndpointAddress address : subset.getNotReadyAddresses()) {
      taken += add(ports, address, false, taken);
    }
  }

  /** Adds an address, or counts that it is left out; returns how many were taken. */
  private int add(SlicePorts ports, EndpointAddress address, boolean ready, int taken) {
    if (taken >= most) {
      skipped++;
      return 0;
    }
    Optional<IpAddress> ip = IpAddress.parse(orEmpty(address.getIp()));
    if (ip.isEmpty()) {
      invalid++;
      skipped++;
      return 0;
    }
    Endpoint endpoint = endpoint(address, ip.get(), ready);
    byPlace
        .computeIfAbsent(
            new Place(ip.get().v6() ? "IPv6" : "IPv4", ports), place -> new LinkedHashMap<>())
        .put(EndpointIdentity.of(endpoint), endpoint);
    return 1;
  }

  private static Endpoint endpoint(EndpointAddress address, IpAddress ip, boolean ready) {
    return new EndpointBuilder()
        .withAddresses(ip.text())
        .withNewConditions()
        .withReady(ready)
        .endConditions()
        .withTargetRef(address.getTargetRef())
        .withNodeName(address.getNodeName())
        .withHostname(orEmpty(address.getHostname()).isEmpty() ? null : address.getHostname())
        .build();
  }

  private static SlicePorts.Port port(EndpointPort port) {
    return new SlicePorts.Port(
        orEmpty(port.getName()),
        Objects.requireNonNullElse(port.getPort(), 0),
        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
        orEmpty(port.getAppProtocol()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
