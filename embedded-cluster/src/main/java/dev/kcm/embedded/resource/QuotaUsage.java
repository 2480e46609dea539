package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What one new object counts against a quota.
 *
 * <p>Stateless.
 */
final class QuotaUsage {

  /** Kinds that may be counted by their bare name, too. */
  private static final Set<String> BARE =
      Set.of(
          "pods",
          "services",
          "persistentvolumeclaims",
          "configmaps",
          "secrets",
          "replicationcontrollers",
          "resourcequotas");

  private QuotaUsage() {}

  /** Amount by quota resource, as the quantities say it. */
  static Map<String, BigDecimal> of(Kind kind, JsonNode object) {
    Map<String, BigDecimal> usage = new HashMap<>();
    usage.put("count/" + kind.qualifiedResource(), BigDecimal.ONE);
    if (kind.group().isEmpty() && BARE.contains(kind.plural())) {
      usage.put(kind.plural(), BigDecimal.ONE);
    }
    switch (KindKey.of(kind)) {
      case KindKey.POD -> pod(object.path("spec"), usage);
      case KindKey.SERVICE -> service(object.path("spec"), usage);
      case "v1/PersistentVolumeClaim" -> claim(object.path("spec"), usage);
      default -> {}
    }
    return usage;
  }

  private static void pod(JsonNode spec, Map<String, BigDecimal> usage) {
    for (String part : List.of("requests", "limits")) {
      Map<String, BigDecimal> sums = new HashMap<>();
      spec.path("containers").forEach(c -> amounts(c, part).forEach(add(sums)));
      spec.path("initContainers")
          .forEach(c -> amounts(c, part).forEach((k, v) -> sums.merge(k, v, BigDecimal::max)));
      amounts(spec, "overhead").forEach(add(sums));
      sums.forEach(
          (resource, amount) -> {
            usage.put(part + "." + resource, amount);
            if (part.equals("requests") && List.of("cpu", "memory").contains(resource)) {
              usage.put(resource, amount);
            }
          });
    }
  }

  private static BiConsumer<String, BigDecimal> add(Map<String, BigDecimal> sums) {
    return (resource, amount) -> sums.merge(resource, amount, BigDecimal::add);
  }

  private static Map<String, BigDecimal> amounts(JsonNode holder, String part) {
    JsonNode list =
        part.equals("overhead") ? holder.path(part) : holder.path("resources").path(part);
    Map<String, BigDecimal> amounts = new HashMap<>();
    list.properties().forEach(e -> amounts.put(e.getKey(), Amounts.parse(e.getValue().asText())));
    return amounts;
  }

  private static void service(JsonNode spec, Map<String, BigDecimal> usage) {
    String type = spec.path("type").asText();
    int ports = 0;
    for (JsonNode port : spec.path("ports")) {
      ports += port.path("nodePort").asInt(0) != 0 || !type.equals("ClusterIP") ? 1 : 0;
    }
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      usage.put("services.nodeports", BigDecimal.valueOf(ports));
    }
    if (type.equals("LoadBalancer")) {
      usage.put("services.loadbalancers", BigDecimal.ONE);
    }
  }

  private static void claim(JsonNode spec, Map<String, BigDecimal> usage) {
    BigDecimal storage =
        Amounts.parse(spec.path("resources").path("requests").path("storage").asText(""));
    usage.put("requests.storage", storage);
    String storageClass = spec.path("storageClassName").asText("");
    if (!storageClass.isEmpty()) {
      String prefix = storageClass + ".storageclass.storage.k8s.io/";
      usage.put(prefix + "requests.storage", storage);
      usage.put(prefix + "persistentvolumeclaims", BigDecimal.ONE);
    }
  }

  /** What a quota limits and containers of the pod do not say, each with the containers' names. */
  static String missing(Set<String> limited, JsonNode spec) {
    Map<String, List<String>> missing = new TreeMap<>();
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : spec.path(list)) {
        for (String resource : limited) {
          if (isComputed(resource) && !says(container, resource)) {
            missing
                .computeIfAbsent(resource, absent -> new ArrayList<>())
                .add(container.path("name").asText());
          }
        }
      }
    }
    List<String> texts = new ArrayList<>();
    missing.forEach((resource, names) -> texts.add(resource + " for: " + String.join(",", names)));
    return String.join("; ", texts);
  }

  private static boolean isComputed(String resource) {
    return Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
        .contains(resource);
  }

  private static boolean says(JsonNode container, String resource) {
    String part = resource.startsWith("limits.") ? "limits" : "requests";
    String name = resource.substring(resource.indexOf('.') + 1);
    return container.path("resources").path(part).has(name);
  }
}
