package dev.kcm.controllers.shared.services;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How pods of a Service are reached: addresses, ports, hostnames.
 *
 * <p>Immutable.
 */
public final class ServiceAddresses {

  private static final String NONE = "None";

  private ServiceAddresses() {}

  /** The spec; an empty one when there is none. */
  public static ServiceSpec spec(Service service) {
    return Objects.requireNonNullElseGet(service.getSpec(), ServiceSpec::new);
  }

  /** Whether its cluster IP is None, as users ask for a headless Service. */
  public static boolean isNone(Service service) {
    return NONE.equals(spec(service).getClusterIP());
  }

  /** Whether it has no cluster IP: None, or not given yet. */
  public static boolean isHeadless(Service service) {
    String clusterIp = spec(service).getClusterIP();
    return clusterIp == null || clusterIp.isEmpty() || clusterIp.equals(NONE);
  }

  /** Whether pods that are not ready count as ready. */
  public static boolean publishesNotReady(Service service) {
    return Boolean.TRUE.equals(spec(service).getPublishNotReadyAddresses());
  }

  /** Whether it leads to pods: it is no ExternalName, and it has a selector. */
  public static boolean leadsToPods(Service service) {
    return !"ExternalName".equals(spec(service).getType()) && !Selectors.of(service).isEmpty();
  }

  /** The addresses of a pod in its own order, unreadable ones left out. */
  public static List<IpAddress> of(Pod pod) {
    PodStatus status = pod.getStatus();
    if (status == null || status.getPodIPs() == null) {
      return List.of();
    }
    return status.getPodIPs().stream()
        .map(PodIP::getIp)
        .filter(Objects::nonNull)
        .flatMap(ip -> IpAddress.parse(ip).stream())
        .toList();
  }

  /** Whether a pod has been given an address at all. */
  public static boolean hasAddress(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null
        && (!isEmpty(status.getPodIP())
            || (status.getPodIPs() != null && !status.getPodIPs().isEmpty()));
  }

  /** The cluster IP, when it has a usable one. */
  public static Optional<IpAddress> clusterIp(Service service) {
    String clusterIp = spec(service).getClusterIP();
    return isHeadless(service) || clusterIp == null ? Optional.empty() : IpAddress.parse(clusterIp);
  }

  /**
   * The port of a pod that a port of a Service leads to: a number as it is, or the container port
   * of the name and protocol, of sidecars too. Empty when the pod has none of the name.
   */
  public static OptionalInt targetPort(Pod pod, ServicePort port) {
    if (port.getTargetPort() == null) {
      return OptionalInt.of(Objects.requireNonNullElse(port.getPort(), 0));
    }
    String name = port.getTargetPort().getStrVal();
    if (name == null) {
      return OptionalInt.of(Objects.requireNonNullElse(port.getTargetPort().getIntVal(), 0));
    }
    return containers(pod)
        .flatMap(container -> container.getPorts().stream())
        .filter(p -> name.equals(p.getName()) && protocol(p).equals(protocol(port)))
        .mapToInt(ContainerPort::getContainerPort)
        .findFirst();
  }

  /** The protocol of a port; TCP unless it says otherwise. */
  public static String protocol(ServicePort port) {
    return Objects.requireNonNullElse(port.getProtocol(), "TCP");
  }

  /** The hostname under the Service; empty when the pod has none there. */
  public static Optional<String> hostname(Pod pod, Service service) {
    PodSpec spec = pod.getSpec();
    boolean here =
        spec != null
            && !isEmpty(spec.getHostname())
            && ObjectKey.of(service).name().equals(spec.getSubdomain());
    return here ? Optional.of(spec.getHostname()) : Optional.empty();
  }

  /** A reference to a pod. */
  public static ObjectReference reference(Pod pod) {
    ObjectKey key = ObjectKey.of(pod);
    return new ObjectReferenceBuilder()
        .withKind("Pod")
        .withNamespace(key.namespace())
        .withName(key.name())
        .withUid(pod.getMetadata().getUid())
        .build();
  }

  private static Stream<Container> containers(Pod pod) {
    PodSpec spec = pod.getSpec();
    if (spec == null) {
      return Stream.empty();
    }
    Stream<Container> sidecars =
        spec.getInitContainers().stream().filter(c -> "Always".equals(c.getRestartPolicy()));
    return Stream.concat(spec.getContainers().stream(), sidecars);
  }

  private static String protocol(ContainerPort port) {
    return Objects.requireNonNullElse(port.getProtocol(), "TCP");
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }
}
