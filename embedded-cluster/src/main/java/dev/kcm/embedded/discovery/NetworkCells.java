package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The cells of services, endpoints and the other network kinds. */
final class NetworkCells {

  private static final int MAX_ITEMS = 3;

  private NetworkCells() {}

  static void register(Map<String, CellRule> rules) {
    rules.put("Service", NetworkCells::service);
    rules.put("Endpoints", NetworkCells::endpoints);
    rules.put("EndpointSlice.discovery.k8s.io", NetworkCells::endpointSlice);
    rules.put("Ingress.networking.k8s.io", NetworkCells::ingress);
    rules.put("IngressClass.networking.k8s.io", NetworkCells::ingressClass);
    rules.put("NetworkPolicy.networking.k8s.io", NetworkCells::networkPolicy);
    rules.put("ServiceCIDR.networking.k8s.io", NetworkCells::serviceCidr);
    rules.put("IPAddress.networking.k8s.io", NetworkCells::ipAddress);
  }

  private static void service(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    JsonNode first = spec.path("clusterIPs").path(0);
    row.name(object)
        .text(spec.path("type"))
        .textOr(first.isTextual() ? first : spec.path("clusterIP"), Row.NONE)
        .text(externalIp(spec, object.path("status").path("loadBalancer")))
        .text(servicePorts(spec.path("ports")))
        .age(object)
        .text(Selectors.labels(spec.path("selector")));
  }

  private static String externalIp(JsonNode spec, JsonNode loadBalancer) {
    List<String> external = Words.texts(spec.path("externalIPs"));
    return switch (spec.path("type").asText()) {
      case "ClusterIP", "NodePort" -> external.isEmpty() ? Row.NONE : String.join(",", external);
      case "LoadBalancer" -> {
        List<String> all = new ArrayList<>(ingressAddresses(loadBalancer));
        all.addAll(external);
        yield all.isEmpty() ? "<pending>" : String.join(",", all);
      }
      case "ExternalName" -> spec.path("externalName").asText("");
      default -> Row.UNKNOWN;
    };
  }

  private static List<String> ingressAddresses(JsonNode loadBalancer) {
    TreeSet<String> addresses = new TreeSet<>();
    for (JsonNode ingress : loadBalancer.path("ingress")) {
      String address = Row.orElse(ingress.path("ip"), ingress.path("hostname").asText(""));
      if (!address.isEmpty()) {
        addresses.add(address);
      }
    }
    return List.copyOf(addresses);
  }

  private static String servicePorts(JsonNode ports) {
    List<String> texts = new ArrayList<>();
    for (JsonNode port : ports) {
      int nodePort = port.path("nodePort").asInt();
      texts.add(
          port.path("port").asText()
              + (nodePort > 0 ? ":" + nodePort : "")
              + "/"
              + port.path("protocol").asText());
    }
    return texts.isEmpty() ? Row.NONE : String.join(",", texts);
  }

  private static void endpoints(JsonNode object, Row row) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode subset : object.path("subsets")) {
      JsonNode ports = subset.path("ports");
      if (ports.isEmpty()) {
        subset.path("addresses").forEach(address -> addresses.add(address.path("ip").asText()));
      }
      for (JsonNode port : ports) {
        for (JsonNode address : subset.path("addresses")) {
          addresses.add(hostPort(address.path("ip").asText(), port.path("port").asText()));
        }
      }
    }
    String text = Row.shortened(addresses, MAX_ITEMS, ",");
    row.name(object).text(object.path("subsets").isEmpty() ? Row.NONE : text).age(object);
  }

  private static String hostPort(String host, String port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static void endpointSlice(JsonNode object, Row row) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : object.path("ports")) {
      JsonNode name = port.path("name");
      String unnumbered = Row.isSet(name) ? name.asText() : "*";
      ports.add(Row.isSet(port.path("port")) ? port.path("port").asText() : unnumbered);
    }
    List<String> addresses = new ArrayList<>();
    object.path("endpoints").forEach(e -> addresses.addAll(Words.texts(e.path("addresses"))));
    row.name(object)
        .text(object.path("addressType"))
        .text(ports.isEmpty() ? Row.UNSET : Row.shortened(ports, MAX_ITEMS, ","))
        .text(addresses.isEmpty() ? Row.UNSET : Row.shortened(addresses, MAX_ITEMS, ","))
        .age(object);
  }

  private static void ingress(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    List<String> hosts = new ArrayList<>();
    for (JsonNode rule : spec.path("rules")) {
      String host = rule.path("host").asText("");
      if (!host.isEmpty()) {
        hosts.add(host);
      }
    }
    row.name(object)
        .textOr(spec.path("ingressClassName"), Row.NONE)
        .text(hosts.isEmpty() ? "*" : Row.shortened(hosts, MAX_ITEMS, ","))
        .text(String.join(",", ingressAddresses(object.path("status").path("loadBalancer"))))
        .text(spec.path("tls").isEmpty() ? "80" : "80, 443")
        .age(object);
  }

  private static void ingressClass(JsonNode object, Row row) {
    JsonNode parameters = object.path("spec").path("parameters");
    String group = parameters.path("apiGroup").asText("");
    String kind = parameters.path("kind").asText("") + (group.isEmpty() ? "" : "." + group);
    row.name(object)
        .text(object.path("spec").path("controller"))
        .text(parameters.isObject() ? kind + "/" + parameters.path("name").asText() : Row.NONE)
        .age(object);
  }

  private static void networkPolicy(JsonNode object, Row row) {
    row.name(object).text(Selectors.selector(object.path("spec").path("podSelector"))).age(object);
  }

  private static void serviceCidr(JsonNode object, Row row) {
    row.name(object)
        .text(String.join(",", Words.texts(object.path("spec").path("cidrs"))))
        .age(object);
  }

  private static void ipAddress(JsonNode object, Row row) {
    JsonNode parent = object.path("spec").path("parentRef");
    String group = parent.path("group").asText("");
    row.name(object)
        .text(
            parent.path("resource").asText("")
                + (group.isEmpty() ? "" : "." + group)
                + "/"
                + Words.namespaced(parent));
  }
}
