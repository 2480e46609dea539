package dev.kcm.controllers.shared.slices;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a slice, whose order does not count.
 *
 * @param ports sorted, each once
 */
public record SlicePorts(List<Port> ports) {

  private static final Comparator<Port> ORDER =
      Comparator.comparing(Port::name)
          .thenComparing(Port::number)
          .thenComparing(Port::protocol)
          .thenComparing(Port::appProtocol);

  /** One port; texts are empty where there is none, the number 0. */
  public record Port(String name, int number, String protocol, String appProtocol) {

    private EndpointPort written() {
      EndpointPort port = new EndpointPort();
      port.setName(name);
      port.setPort(number);
      port.setProtocol(protocol);
      port.setAppProtocol(appProtocol.isEmpty() ? null : appProtocol);
      return port;
    }
  }

  public SlicePorts {
    Set<Port> distinct = new HashSet<>(ports);
    List<Port> sorted = new ArrayList<>(distinct);
    sorted.sort(ORDER);
    ports = List.copyOf(sorted);
  }

  /** The ports of a slice. */
  public static SlicePorts of(EndpointSlice slice) {
    return new SlicePorts(slice.getPorts().stream().map(SlicePorts::port).toList());
  }

  /** As they stand in a slice, names and protocols always given. */
  public List<EndpointPort> written() {
    return ports.stream().map(Port::written).toList();
  }

  private static Port port(EndpointPort port) {
    return new Port(
        orEmpty(port.getName()),
        Objects.requireNonNullElse(port.getPort(), 0),
        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
        orEmpty(port.getAppProtocol()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
