package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/**
 * A port of its node that a pod takes.
 *
 * @param address address of the node, empty for all of them
 * @param protocol TCP, UDP or SCTP
 * @param port number of the port
 */
record HostPort(String address, String protocol, int port) {

  /** The ports that a pod takes. */
  static Set<HostPort> of(JsonNode pod) {
    Set<HostPort> ports = new HashSet<>();
    for (JsonNode container : pod.path("spec").path("containers")) {
      for (JsonNode port : container.path("ports")) {
        if (port.path("hostPort").asInt() > 0) {
          ports.add(of(port, port.path("hostPort").asInt()));
        }
      }
    }
    return ports;
  }

  private static HostPort of(JsonNode port, int number) {
    String address = port.path("hostIP").asText();
    return new HostPort(
        address.equals("0.0.0.0") ? "" : address, port.path("protocol").asText("TCP"), number);
  }

  /** Whether both cannot be on one node. */
  boolean meets(HostPort other) {
    boolean sameAddress =
        address.isEmpty() || other.address.isEmpty() || address.equals(other.address);
    return sameAddress && port == other.port && protocol.equals(other.protocol);
  }
}
