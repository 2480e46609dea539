package dev.kcm.embedded.boot;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.pki.Pki;
import dev.kcm.embedded.resource.ApiServer;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * What an API server keeps in every cluster: its own service with endpoints, the range of service
 * addresses, how others authenticate, the priorities of the system.
 *
 * <p>Immutable.
 */
final class SystemObjects {

  /** Address of the service {@code kubernetes}. */
  static final String SERVICE_ADDRESS = "10.96.0.1";

  private static final String SERVICE_RANGE = "10.96.0.0/16";
  private static final String NAME = "kubernetes";
  private static final String SYSTEM = "kube-system";

  private final ApiServer server;
  private final Pki pki;
  private final URI url;
  private final Clock clock;

  SystemObjects(ApiServer server, Pki pki, URI url, Clock clock) {
    this.server = server;
    this.pki = pki;
    this.url = url;
    this.clock = clock;
  }

  /** Makes what is missing; calling it again brings back what was deleted. */
  void ensure() {
    List.of(
            serviceRange(),
            service(),
            serviceAddress(),
            endpoints(),
            endpointSlice(),
            authentication(),
            tokenTracking(),
            priority(
                "system-node-critical",
                2_000_001_000,
                "Used for system critical pods that must not be moved from their current node."),
            priority(
                "system-cluster-critical",
                2_000_000_000,
                "Used for system critical pods that must run in the cluster, but can be moved to"
                    + " another node if necessary."))
        .forEach(server::ensure);
  }

  private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object =
        JsonNodeFactory.instance.objectNode().put("apiVersion", apiVersion).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }

  private static ObjectNode labelled(ObjectNode object, Map<String, String> labels) {
    labels.forEach(object.withObject("/metadata/labels")::put);
    return object;
  }

  private static ObjectNode serviceRange() {
    ObjectNode range = object("networking.k8s.io/v1", "ServiceCIDR", "", NAME);
    range.withObject("/spec").putArray("cidrs").add(SERVICE_RANGE);
    return range;
  }

  private ObjectNode service() {
    ObjectNode service =
        labelled(
            object("v1", "Service", "default", NAME),
            Map.of("component", "apiserver", "provider", NAME));
    ObjectNode spec =
        service.putObject("spec").put("type", "ClusterIP").put("clusterIP", SERVICE_ADDRESS);
    port(spec.withArray("/ports").addObject(), 443).put("targetPort", url.getPort());
    return service;
  }

  private static ObjectNode serviceAddress() {
    ObjectNode address =
        labelled(
            object("networking.k8s.io/v1", "IPAddress", "", SERVICE_ADDRESS),
            Map.of(
                "ipaddress.kubernetes.io/ip-family", "IPv4",
                "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"));
    address
        .withObject("/spec/parentRef")
        .put("resource", "services")
        .put("namespace", "default")
        .put("name", NAME);
    return address;
  }

  private ObjectNode endpoints() {
    ObjectNode endpoints =
        labelled(
            object("v1", "Endpoints", "default", NAME),
            Map.of("endpointslice.kubernetes.io/skip-mirror", "true"));
    ObjectNode subset = endpoints.putArray("subsets").addObject();
    subset.putArray("addresses").addObject().put("ip", host());
    port(subset.putArray("ports").addObject(), url.getPort());
    return endpoints;
  }

  private ObjectNode endpointSlice() {
    ObjectNode slice =
        labelled(
            object("discovery.k8s.io/v1", "EndpointSlice", "default", NAME),
            Map.of("kubernetes.io/service-name", NAME));
    slice.put("addressType", host().indexOf(':') < 0 ? "IPv4" : "IPv6");
    ObjectNode endpoint = slice.putArray("endpoints").addObject();
    endpoint.putArray("addresses").add(host());
    endpoint.putObject("conditions").put("ready", true);
    port(slice.putArray("ports").addObject(), url.getPort());
    return slice;
  }

  private static ObjectNode port(ObjectNode port, int number) {
    return port.put("name", "https").put("port", number).put("protocol", "TCP");
  }

  private String host() {
    return url.getHost().replace("[", "").replace("]", "");
  }

  private ObjectNode authentication() {
    ObjectNode config = object("v1", "ConfigMap", SYSTEM, "extension-apiserver-authentication");
    config
        .putObject("data")
        .put("client-ca-file", pki.ca().certificatePem())
        .put("requestheader-allowed-names", "[\"aggregator\"]")
        .put("requestheader-client-ca-file", pki.frontProxyCa().certificatePem())
        .put("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
        .put("requestheader-group-headers", "[\"X-Remote-Group\"]")
        .put("requestheader-username-headers", "[\"X-Remote-User\"]");
    return config;
  }

  private ObjectNode tokenTracking() {
    ObjectNode config =
        object("v1", "ConfigMap", SYSTEM, "kube-apiserver-legacy-service-account-token-tracking");
    config
        .putObject("data")
        .put("since", clock.instant().atZone(ZoneOffset.UTC).toLocalDate().toString());
    return config;
  }

  private static ObjectNode priority(String name, int value, String description) {
    return object("scheduling.k8s.io/v1", "PriorityClass", "", name)
        .put("value", value)
        .put("preemptionPolicy", "PreemptLowerPriority")
        .put("description", description);
  }
}
