package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The cells of nodes, namespaces, events, configuration and coordination. */
final class ClusterCells {

  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

  private ClusterCells() {}

  static void register(Map<String, CellRule> rules) {
    rules.put("Node", ClusterCells::node);
    rules.put("Namespace", ClusterCells::namespace);
    rules.put("Event", ClusterCells::event);
    rules.put("Event.events.k8s.io", ClusterCells::event);
    rules.put("Secret", ClusterCells::secret);
    rules.put("ConfigMap", ClusterCells::configMap);
    rules.put("ServiceAccount", ClusterCells::serviceAccount);
    rules.put("ResourceQuota", ClusterCells::resourceQuota);
    rules.put("Lease.coordination.k8s.io", ClusterCells::lease);
    rules.put("PriorityClass.scheduling.k8s.io", ClusterCells::priorityClass);
    rules.put("RuntimeClass.node.k8s.io", ClusterCells::runtimeClass);
    rules.put("ResourceClaim.resource.k8s.io", ClusterCells::resourceClaim);
    rules.put("ResourceClaimTemplate.resource.k8s.io", ClusterCells::nameAndAge);
    rules.put("DeviceClass.resource.k8s.io", ClusterCells::nameAndAge);
    rules.put("ResourceSlice.resource.k8s.io", ClusterCells::resourceSlice);
  }

  /** The cells of kinds that nothing special is known about. */
  static void nameAndAge(JsonNode object, Row row) {
    row.name(object).age(object);
  }

  /** The cells of built-in kinds without columns of their own: name and time of creation. */
  static void nameAndCreation(JsonNode object, Row row) {
    row.name(object).text(object.path("metadata").path("creationTimestamp"));
  }

  private static void node(JsonNode object, Row row) {
    JsonNode info = object.path("status").path("nodeInfo");
    JsonNode addresses = object.path("status").path("addresses");
    row.name(object)
        .text(nodeStatus(object))
        .text(roles(object.path("metadata").path("labels")))
        .age(object)
        .text(info.path("kubeletVersion"))
        .text(address(addresses, "InternalIP"))
        .text(address(addresses, "ExternalIP"))
        .textOr(info.path("osImage"), Row.UNKNOWN)
        .textOr(info.path("kernelVersion"), Row.UNKNOWN)
        .textOr(info.path("containerRuntimeVersion"), Row.UNKNOWN);
  }

  private static String nodeStatus(JsonNode node) {
    String status = "Unknown";
    for (JsonNode condition : node.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean cordoned = node.path("spec").path("unschedulable").asBoolean();
    return cordoned ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(JsonNode labels) {
    TreeSet<String> roles = new TreeSet<>();
    for (var label : labels.properties()) {
      if (label.getKey().startsWith(ROLE_PREFIX)) {
        roles.add(label.getKey().substring(ROLE_PREFIX.length()));
      } else if (label.getKey().equals("kubernetes.io/role")) {
        roles.add(label.getValue().asText());
      }
    }
    roles.remove("");
    return roles.isEmpty() ? Row.NONE : String.join(",", roles);
  }

  private static String address(JsonNode addresses, String type) {
    for (JsonNode address : addresses) {
      if (address.path("type").asText().equals(type)) {
        return address.path("address").asText();
      }
    }
    return Row.NONE;
  }

  private static void namespace(JsonNode object, Row row) {
    row.name(object).text(object.path("status").path("phase")).age(object);
  }

  private static void event(JsonNode object, Row row) {
    JsonNode target = either(object, "involvedObject", "regarding");
    JsonNode source = either(object, "source", "deprecatedSource");
    JsonNode firstTime = either(object, "firstTimestamp", "deprecatedFirstTimestamp");
    JsonNode lastTime = either(object, "lastTimestamp", "deprecatedLastTimestamp");
    String first = row.since(Row.isSet(firstTime) ? firstTime : object.path("eventTime"));
    JsonNode series = object.path("series");
    long count = either(object, "count", "deprecatedCount").asLong();
    String last = Row.isSet(lastTime) ? row.since(lastTime) : first;
    if (series.isObject()) {
      last = row.since(series.path("lastObservedTime"));
      count = series.path("count").asLong();
    }
    row.text(last)
        .text(object.path("type"))
        .text(object.path("reason"))
        .text(target(target))
        .text(target.path("fieldPath"))
        .text(reporter(object, source))
        .text(either(object, "message", "note").asText("").strip())
        .text(first)
        .number(count == 0 && !series.isObject() ? 1 : count)
        .name(object);
  }

  // Both Event APIs show the same objects under different field names.
  private static JsonNode either(JsonNode object, String core, String other) {
    return Row.isSet(object.path(core)) ? object.path(core) : object.path(other);
  }

  private static String target(JsonNode target) {
    String name = target.path("name").asText("");
    String kind = Words.lower(target.path("kind").asText(""));
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String reporter(JsonNode event, JsonNode source) {
    String controller = either(event, "reportingComponent", "reportingController").asText("");
    String component = Row.orElse(source.path("component"), controller);
    String host = Row.orElse(source.path("host"), event.path("reportingInstance").asText(""));
    return host.isEmpty() ? component : component + ", " + host;
  }

  private static void secret(JsonNode object, Row row) {
    row.name(object).text(object.path("type")).number(object.path("data").size()).age(object);
  }

  private static void configMap(JsonNode object, Row row) {
    row.name(object)
        .number(object.path("data").size() + object.path("binaryData").size())
        .age(object);
  }

  private static void serviceAccount(JsonNode object, Row row) {
    row.name(object).number(object.path("secrets").size()).age(object);
  }

  private static void resourceQuota(JsonNode object, Row row) {
    TreeMap<String, JsonNode> hard = new TreeMap<>();
    JsonNode status = object.path("status");
    status.path("hard").properties().forEach(e -> hard.put(e.getKey(), e.getValue()));
    List<String> requests = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    hard.forEach(
        (resource, limit) -> {
          String used = Row.orElse(status.path("used").path(resource), "0");
          (resource.startsWith("limits.") ? limits : requests)
              .add(resource + ": " + used + "/" + limit.asText());
        });
    row.name(object).text(String.join(", ", requests)).text(String.join(", ", limits)).age(object);
  }

  private static void lease(JsonNode object, Row row) {
    row.name(object).text(object.path("spec").path("holderIdentity")).age(object);
  }

  private static void priorityClass(JsonNode object, Row row) {
    row.name(object)
        .number(object.path("value"))
        .flag(object.path("globalDefault").asBoolean())
        .age(object)
        .textOr(object.path("preemptionPolicy"), "PreemptLowerPriority");
  }

  private static void runtimeClass(JsonNode object, Row row) {
    row.name(object).text(object.path("handler")).age(object);
  }

  private static void resourceClaim(JsonNode object, Row row) {
    List<String> states = new ArrayList<>();
    if (Row.isSet(object.path("metadata").path("deletionTimestamp"))) {
      states.add("deleted");
    }
    JsonNode status = object.path("status");
    if (!status.path("allocation").isObject()) {
      if (states.isEmpty()) {
        states.add("pending");
      }
    } else {
      states.add("allocated");
      if (!status.path("reservedFor").isEmpty()) {
        states.add("reserved");
      }
    }
    row.name(object).text(String.join(",", states)).age(object);
  }

  private static void resourceSlice(JsonNode object, Row row) {
    JsonNode spec = object.path("spec");
    row.name(object)
        .textOr(spec.path("nodeName"), Row.UNSET)
        .text(spec.path("driver"))
        .text(spec.path("pool").path("name"))
        .age(object);
  }
}
