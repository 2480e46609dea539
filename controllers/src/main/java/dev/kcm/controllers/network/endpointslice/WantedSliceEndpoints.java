package dev.kcm.controllers.network.endpointslice;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.IpAddress;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.slices.EndpointIdentity;
import dev.kcm.controllers.shared.slices.SlicePorts;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints a Service should have in one family, by the ports they are reached at.
 *
 * @param byPorts endpoints by identity, in the order of the pods' names; a set of ports whose pods
 *     were all left out has none
 * @param problems pods left out because their node is not known
 */
record WantedSliceEndpoints(
    Map<SlicePorts, Map<EndpointIdentity, Endpoint>> byPorts, List<String> problems) {

  static WantedSliceEndpoints of(EndpointSliceSnapshot snapshot, String addressType) {
    WantedSliceEndpoints wanted =
        new WantedSliceEndpoints(new LinkedHashMap<>(), new ArrayList<>());
    for (Pod pod : snapshot.pods()) {
      if (!PodStates.isTerminal(pod) && ServiceAddresses.hasAddress(pod)) {
        wanted.add(snapshot, pod, addressType.equals("IPv6"));
      }
    }
    return wanted;
  }

  int count() {
    return byPorts.values().stream().mapToInt(Map::size).sum();
  }

  private void add(EndpointSliceSnapshot snapshot, Pod pod, boolean v6) {
    Service service = snapshot.service();
    Map<EndpointIdentity, Endpoint> group =
        byPorts.computeIfAbsent(ports(service, pod), ports -> new LinkedHashMap<>());
    String node = PodStates.nodeName(pod);
    String zone = snapshot.zoneByNode().get(node);
    if (zone == null && !ServiceAddresses.publishesNotReady(service)) {
      problems.add(
          "skipping Pod %s for Service %s: Node %s Not Found"
              .formatted(ObjectKey.of(pod).name(), ObjectKey.of(service), node));
      return;
    }
    List<String> addresses =
        ServiceAddresses.of(pod).stream().filter(ip -> ip.v6() == v6).map(IpAddress::text).toList();
    if (!addresses.isEmpty()) {
      Endpoint endpoint = endpoint(service, pod, addresses, zone);
      group.put(EndpointIdentity.of(endpoint), endpoint);
    }
  }

  private static SlicePorts ports(Service service, Pod pod) {
    List<SlicePorts.Port> ports = new ArrayList<>();
    for (ServicePort port : ServiceAddresses.spec(service).getPorts()) {
      ServiceAddresses.targetPort(pod, port)
          .ifPresent(
              number ->
                  ports.add(
                      new SlicePorts.Port(
                          orEmpty(port.getName()),
                          number,
                          ServiceAddresses.protocol(port),
                          orEmpty(port.getAppProtocol()))));
    }
    return new SlicePorts(ports);
  }

  private static Endpoint endpoint(
      Service service, Pod pod, List<String> addresses, @Nullable String zone) {
    boolean serving = PodStates.isReady(pod);
    boolean terminating = pod.getMetadata().getDeletionTimestamp() != null;
    return new EndpointBuilder()
        .withAddresses(addresses)
        .withNewConditions()
        .withReady(ServiceAddresses.publishesNotReady(service) || (serving && !terminating))
        .withServing(serving)
        .withTerminating(terminating)
        .endConditions()
        .withHostname(ServiceAddresses.hostname(pod, service).orElse(null))
        .withNodeName(emptyAsMissing(PodStates.nodeName(pod)))
        .withZone(emptyAsMissing(zone))
        .withTargetRef(ServiceAddresses.reference(pod))
        .build();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable String emptyAsMissing(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
