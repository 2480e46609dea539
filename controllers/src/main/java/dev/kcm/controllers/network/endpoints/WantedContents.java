package dev.kcm.controllers.network.endpoints;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.services.IpAddress;
import dev.kcm.controllers.shared.services.ServiceAddresses;
import dev.kcm.controllers.shared.services.SubsetContents;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the Endpoints of a Service should say.
 *
 * <p>Confined to the decision that makes it.
 */
final class WantedContents {

  private final Service service;
  private final SubsetContents contents = SubsetContents.of(List.of());

  private WantedContents(Service service) {
    this.service = service;
  }

  static SubsetContents of(Service service, List<Pod> pods) {
    WantedContents wanted = new WantedContents(service);
    pods.stream().filter(wanted::isListed).forEach(wanted::add);
    return wanted.contents;
  }

  private boolean isListed(Pod pod) {
    return !PodStates.isTerminal(pod)
        && ServiceAddresses.hasAddress(pod)
        && (ServiceAddresses.publishesNotReady(service)
            || pod.getMetadata().getDeletionTimestamp() == null);
  }

  private void add(Pod pod) {
    boolean v6 = isV6(pod);
    ServiceAddresses.of(pod).stream()
        .filter(ip -> ip.v6() == v6)
        .findFirst()
        .ifPresent(ip -> add(pod, address(pod, ip)));
  }

  private void add(Pod pod, EndpointAddress address) {
    boolean ready = ServiceAddresses.publishesNotReady(service) || PodStates.isReady(pod);
    List<ServicePort> ports = ServiceAddresses.spec(service).getPorts();
    if (ports.isEmpty() && ServiceAddresses.isNone(service)) {
      contents.add(address, ready);
    }
    for (ServicePort port : ports) {
      ServiceAddresses.targetPort(pod, port)
          .ifPresent(
              number ->
                  contents.add(
                      new EndpointPortBuilder()
                          .withName(emptyAsMissing(port.getName()))
                          .withPort(number)
                          .withProtocol(ServiceAddresses.protocol(port))
                          .withAppProtocol(port.getAppProtocol())
                          .build(),
                      address,
                      ready));
    }
  }

  /** The first family of the Service; that of its cluster IP; that of the pod. */
  private boolean isV6(Pod pod) {
    List<String> families = ServiceAddresses.spec(service).getIpFamilies();
    if (!families.isEmpty()) {
      return families.get(0).equals("IPv6");
    }
    Optional<IpAddress> clusterIp = ServiceAddresses.clusterIp(service);
    if (clusterIp.isPresent()) {
      return clusterIp.get().v6();
    }
    String podIp = pod.getStatus().getPodIP();
    return podIp != null && IpAddress.parse(podIp).filter(IpAddress::v6).isPresent();
  }

  private EndpointAddress address(Pod pod, IpAddress ip) {
    return new EndpointAddressBuilder()
        .withIp(ip.text())
        .withNodeName(PodStates.nodeName(pod))
        .withHostname(ServiceAddresses.hostname(pod, service).orElse(null))
        .withTargetRef(ServiceAddresses.reference(pod))
        .build();
  }

  private static @Nullable String emptyAsMissing(@Nullable String name) {
    return name == null || name.isEmpty() ? null : name;
  }
}
