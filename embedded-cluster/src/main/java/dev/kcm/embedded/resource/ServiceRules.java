package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Gives services their cluster address, from 10.96.0.0/16, and their node ports, from 30000 to
 * 32767. What is taken is what the stored services show, so nothing can leak.
 *
 * <p>Guarded by {@code pending}.
 */
final class ServiceRules {

  /** The range of cluster addresses. */
  static final String RANGE = "10.96.0.0/16";

  private static final String IN_RANGE = "10\\.96\\.([0-9]{1,3})\\.([0-9]{1,3})";
  private static final int LAST_HOST = 65_534;

  /** Hosts and ports up to here are left to those who ask for them by name. */
  private static final int LOWER_HOSTS = 256;

  private static final int FIRST_PORT = 30_000;
  private static final int LAST_PORT = 32_767;
  private static final int LOWER_PORTS = 86;

  private static final String HEALTH_CHECK_PORT = "healthCheckNodePort";

  private final Store store;
  private final Ids ids;

  /** Addresses and ports given out to services that are about to be stored. */
  private final Set<String> pending = new HashSet<>();

  ServiceRules(Store store, Ids ids) {
    this.store = store;
    this.ids = ids;
  }

  /** Completes a new service; {@link #settle} must follow once it is stored or refused. */
  void assign(ObjectNode service) {
    synchronized (pending) {
      assign(service, taken(""));
    }
  }

  /** Completes a changed service, which keeps what it had. */
  void reassign(JsonNode current, ObjectNode next) {
    keepAllocated(current, next);
    synchronized (pending) {
      Set<String> taken = taken(Meta.uid(current));
      assign(next, taken);
    }
  }

  /** Ends the reservations of a service that is stored now, or never will be. */
  void settle(JsonNode service) {
    synchronized (pending) {
      pending.removeAll(shown(service));
    }
  }

  private void assign(ObjectNode service, Set<String> taken) {
    ObjectNode spec = Trees.child(service, "spec");
    FieldErrors errors = new FieldErrors();
    if (!spec.path("type").asText().equals("ExternalName")) {
      assignAddress(spec, taken, errors);
    }
    assignPorts(spec, taken, errors);
    assignHealthCheckPort(spec, taken, errors);
    if (!errors.isEmpty()) {
      throw Statuses.invalid("", "Service", Meta.name(service), errors);
    }
    Set<String> given = shown(service);
    given.removeAll(taken);
    pending.addAll(given);
  }

  private void assignAddress(ObjectNode spec, Set<String> taken, FieldErrors errors) {
    String wanted = spec.path("clusterIP").asText("");
    if (wanted.isEmpty()) {
      wanted = spec.path("clusterIPs").path(0).asText("");
    }
    if (wanted.isEmpty()) {
      wanted = pick(taken, LOWER_HOSTS, LAST_HOST, ServiceRules::address);
    } else if (!wanted.equals("None")) {
      checkAddress(wanted, taken, errors);
    }
    spec.put("clusterIP", wanted);
    spec.set("clusterIPs", Trees.arrayOf(List.of(wanted)));
    Trees.putIfAbsent(spec, "ipFamilyPolicy", "SingleStack");
    if (spec.path("ipFamilies").isEmpty()) {
      spec.putArray("ipFamilies").add("IPv4");
    }
  }

  private static void checkAddress(String wanted, Set<String> taken, FieldErrors errors) {
    String detail = "failed to allocate IP " + wanted + ": ";
    JsonNode value = Trees.arrayOf(List.of(wanted));
    if (!wanted.matches(IN_RANGE)) {
      errors.invalid(
          "spec.clusterIPs",
          value,
          detail
              + "the provided IP ("
              + wanted
              + ") is not in the valid range. The range of valid IPs is "
              + RANGE);
    } else if (taken.contains(wanted)) {
      errors.invalid("spec.clusterIPs", value, detail + "provided IP is already allocated");
    }
  }

  private void assignPorts(ObjectNode spec, Set<String> taken, FieldErrors errors) {
    String type = spec.path("type").asText();
    boolean exposed =
        type.equals("NodePort")
            || (type.equals("LoadBalancer")
                && spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
    Set<String> used = new HashSet<>(taken);
    List<ObjectNode> ports = Trees.items(spec, "ports");
    for (int i = 0; i < ports.size(); i++) {
      ObjectNode port = ports.get(i);
      int wanted = port.path("nodePort").asInt(0);
      if (wanted != 0) {
        checkPort("spec.ports[" + i + "].nodePort", wanted, used, errors);
      } else if (exposed) {
        wanted =
            Integer.parseInt(pick(used, FIRST_PORT + LOWER_PORTS, LAST_PORT, Integer::toString));
        port.put("nodePort", wanted);
      }
      used.add(Integer.toString(wanted));
    }
  }

  /** Balancers that only lead to nodes with endpoints ask the nodes whether they have some. */
  private void assignHealthCheckPort(ObjectNode spec, Set<String> taken, FieldErrors errors) {
    boolean asks =
        spec.path("type").asText().equals("LoadBalancer")
            && spec.path("externalTrafficPolicy").asText().equals("Local");
    int wanted = spec.path(HEALTH_CHECK_PORT).asInt(0);
    if (!asks) {
      spec.remove(HEALTH_CHECK_PORT);
    } else if (wanted != 0) {
      checkPort("spec." + HEALTH_CHECK_PORT, wanted, taken, errors);
    } else {
      Set<String> used = new HashSet<>(taken);
      spec.path("ports").forEach(port -> used.add(port.path("nodePort").asText()));
      spec.put(
          HEALTH_CHECK_PORT,
          Integer.parseInt(pick(used, FIRST_PORT + LOWER_PORTS, LAST_PORT, Integer::toString)));
    }
  }

  private static void checkPort(String field, int wanted, Set<String> used, FieldErrors errors) {
    if (wanted < FIRST_PORT || wanted > LAST_PORT) {
      errors.invalid(
          field,
          wanted,
          "provided port is not in the valid range. The range of valid ports is 30000-32767");
    } else if (used.contains(Integer.toString(wanted))) {
      errors.invalid(field, wanted, "provided port is already allocated");
    }
  }

  /** A free value: first a random one, then the next ones above it, then from the start. */
  private String pick(Set<String> taken, int first, int last, IntFunction<String> text) {
    int count = last - first;
    int start = ids.below(count);
    for (int i = 0; i < count; i++) {
      String candidate = text.apply(first + 1 + (start + i) % count);
      if (!taken.contains(candidate)) {
        return candidate;
      }
    }
    throw Statuses.internalError("failed to allocate: range is full");
  }

  private static String address(int host) {
    return "10.96." + host / 256 + "." + host % 256;
  }

  private Set<String> taken(String exceptUid) {
    Set<String> taken = new HashSet<>(pending);
    for (Map.Entry<String, JsonNode> entry : store.list("services", "").entries()) {
      if (!Meta.uid(entry.getValue()).equals(exceptUid)) {
        taken.addAll(shown(entry.getValue()));
      }
    }
    return taken;
  }

  private static Set<String> shown(JsonNode service) {
    Set<String> shown = new HashSet<>();
    String address = service.path("spec").path("clusterIP").asText("");
    if (!address.isEmpty() && !address.equals("None")) {
      shown.add(address);
    }
    service
        .path("spec")
        .path("ports")
        .forEach(
            port -> {
              if (port.path("nodePort").asInt(0) != 0) {
                shown.add(port.path("nodePort").asText());
              }
            });
    int healthCheckPort = service.path("spec").path(HEALTH_CHECK_PORT).asInt(0);
    if (healthCheckPort != 0) {
      shown.add(Integer.toString(healthCheckPort));
    }
    return shown;
  }

  /** A client that does not repeat what the server gave keeps it. */
  private static void keepAllocated(JsonNode current, ObjectNode next) {
    JsonNode before = current.path("spec");
    ObjectNode spec = Trees.child(next, "spec");
    if (spec.path("type").asText().equals("ExternalName")) {
      spec.remove(List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"));
      return;
    }
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      if (Trees.isUnset(spec, field)) {
        Trees.copyField(before, spec, field);
      }
    }
    if (Trees.isUnset(spec, HEALTH_CHECK_PORT)) {
      Trees.copyField(before, spec, HEALTH_CHECK_PORT);
    }
    boolean nodePortsGone =
        spec.path("type").asText().equals("ClusterIP")
            && !before.path("type").asText().equals("ClusterIP")
            && spec.path("ports").equals(before.path("ports"));
    if (nodePortsGone) {
      Trees.items(spec, "ports").forEach(port -> port.remove("nodePort"));
    }
    for (ObjectNode port : Trees.items(spec, "ports")) {
      for (JsonNode old : before.path("ports")) {
        if (!port.has("nodePort")
            && !spec.path("type").asText().equals("ClusterIP")
            && old.has("nodePort")
            && old.path("port").equals(port.path("port"))
            && old.path("protocol").equals(port.path("protocol"))) {
          port.set("nodePort", old.path("nodePort"));
        }
      }
    }
  }
}
