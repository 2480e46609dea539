package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies the limit ranges of a namespace: gives containers their default requests and limits, and
 * refuses pods and claims outside of the ranges.
 *
 * <p>Thread-safe: without state of its own.
 */
final class LimitRangeAdmission {

  private static final String CONTAINER = "Container";
  private static final String CLAIM = "PersistentVolumeClaim";
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private final Objects objects;
  private final Optional<Kind> ranges;

  LimitRangeAdmission(Objects objects, Optional<Kind> ranges) {
    this.objects = objects;
    this.ranges = ranges;
  }

  /** Completes the defaults of a range: those it leaves out follow from its bounds. */
  static void applyDefaults(ObjectNode range) {
    for (ObjectNode item : Trees.items(range.path("spec"), "limits")) {
      if (item.path("type").asText().equals(CONTAINER)) {
        addMissing(item, "default", item.path("max"));
        addMissing(item, "defaultRequest", item.path("default"));
        addMissing(item, "defaultRequest", item.path("min"));
      }
    }
  }

  private static void addMissing(ObjectNode item, String field, JsonNode amounts) {
    for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
      ObjectNode target = Trees.child(item, field);
      if (!target.has(amount.getKey())) {
        target.set(amount.getKey(), amount.getValue());
      }
    }
  }

  /** Completes a new pod or claim, or refuses it. */
  void admit(Kind kind, ObjectNode object) {
    for (JsonNode item : items(Meta.namespace(object))) {
      if (KindKey.isPod(kind)) {
        complete(object, item);
      }
    }
    List<String> problems = new ArrayList<>();
    for (JsonNode item : items(Meta.namespace(object))) {
      check(kind, object, item, problems);
    }
    if (!problems.isEmpty()) {
      String why = problems.size() == 1 ? problems.get(0) : problems.toString();
      throw Statuses.forbidden(kind, Meta.name(object), why);
    }
  }

  private List<JsonNode> items(String namespace) {
    List<JsonNode> items = new ArrayList<>();
    ranges.ifPresent(
        kind ->
            objects
                .list(kind, namespace)
                .entries()
                .forEach(
                    range -> range.getValue().path("spec").path("limits").forEach(items::add)));
    return items;
  }

  private static void complete(ObjectNode pod, JsonNode item) {
    if (!item.path("type").asText().equals(CONTAINER)) {
      return;
    }
    List<String> set = new ArrayList<>();
    for (String list : List.of("containers", "initContainers")) {
      for (ObjectNode container : Trees.items(pod.path("spec"), list)) {
        String role = list.equals("containers") ? "container " : "init container ";
        String name = role + container.path("name").asText();
        fill(container, "requests", item.path("defaultRequest"), " request for " + name, set);
        fill(container, "limits", item.path("default"), " limit for " + name, set);
      }
    }
    if (!set.isEmpty()) {
      Trees.child(Meta.of(pod), "annotations")
          .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", set));
    }
  }

  private static void fill(
      ObjectNode container, String part, JsonNode defaults, String where, List<String> set) {
    List<String> added = new ArrayList<>();
    Map<String, JsonNode> sorted = new TreeMap<>();
    defaults.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
    sorted.forEach(
        (resource, amount) -> {
          ObjectNode amounts = Trees.child(Trees.child(container, "resources"), part);
          if (!amounts.has(resource)) {
            amounts.set(resource, amount);
            added.add(resource);
          }
        });
    if (!added.isEmpty()) {
      set.add(String.join(", ", added) + where);
    }
  }

  private static void check(Kind kind, ObjectNode object, JsonNode item, List<String> problems) {
    String type = item.path("type").asText();
    JsonNode spec = object.path("spec");
    if (KindKey.isPod(kind) && type.equals(CONTAINER)) {
      for (String list : List.of("containers", "initContainers")) {
        for (JsonNode container : spec.path(list)) {
          JsonNode resources = container.path("resources");
          bounds(
              item, texts(resources.path("requests")), texts(resources.path("limits")), problems);
        }
      }
    } else if (KindKey.isPod(kind) && type.equals("Pod")) {
      bounds(item, sum(spec, "requests"), sum(spec, "limits"), problems);
    } else if (kind.kind().equals(CLAIM) && type.equals(CLAIM)) {
      claim(item, texts(spec.path("resources").path("requests")), problems);
    }
  }

  private static Map<String, String> texts(JsonNode amounts) {
    Map<String, String> texts = new HashMap<>();
    amounts.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }

  private static Map<String, String> sum(JsonNode spec, String part) {
    Map<String, String> sums = new HashMap<>();
    for (JsonNode container : spec.path("containers")) {
      texts(container.path("resources").path(part))
          .forEach(
              (resource, amount) ->
                  sums.merge(
                      resource,
                      amount,
                      (one, two) ->
                          Amounts.format(Amounts.parse(one).add(Amounts.parse(two)), one)));
    }
    return sums;
  }

  /** A claim has requests only, which stay between both bounds. */
  private static void claim(JsonNode item, Map<String, String> requests, List<String> problems) {
    String per = " usage per " + CLAIM + " is ";
    requests.forEach(
        (resource, request) -> {
          String least = item.path("min").path(resource).asText("");
          String most = item.path("max").path(resource).asText("");
          if (!least.isEmpty() && Amounts.parse(request).compareTo(Amounts.parse(least)) < 0) {
            problems.add("minimum " + resource + per + least + ", but request is " + request);
          }
          if (!most.isEmpty() && Amounts.parse(request).compareTo(Amounts.parse(most)) > 0) {
            problems.add("maximum " + resource + per + most + ", but request is " + request);
          }
        });
  }

  private static void bounds(
      JsonNode item,
      Map<String, String> requests,
      Map<String, String> limits,
      List<String> problems) {
    String per = " usage per " + item.path("type").asText() + " is ";
    texts(item.path("min"))
        .forEach(
            (resource, bound) -> {
              String text = "minimum " + resource + per + bound;
              below(text, requests.get(resource), limits.get(resource), bound, problems);
            });
    texts(item.path("max"))
        .forEach(
            (resource, bound) -> {
              String text = "maximum " + resource + per + bound;
              above(text, limits.get(resource), requests.get(resource), bound, problems);
            });
    texts(item.path("maxLimitRequestRatio"))
        .forEach(
            (resource, bound) ->
                ratio(
                    resource
                        + " max limit to request ratio per "
                        + item.path("type").asText()
                        + " is "
                        + bound,
                    requests.getOrDefault(resource, "0"),
                    limits.getOrDefault(resource, "0"),
                    bound,
                    problems));
  }

  private static void below(
      String text,
      @Nullable String request,
      @Nullable String limit,
      String bound,
      List<String> problems) {
    BigDecimal least = Amounts.parse(bound);
    if (request == null) {
      problems.add(text + ". No request is specified");
    } else if (Amounts.parse(request).compareTo(least) < 0) {
      problems.add(text + ", but request is " + request);
    } else if (limit != null && Amounts.parse(limit).compareTo(least) < 0) {
      problems.add(text + ", but limit is " + limit);
    }
  }

  private static void above(
      String text,
      @Nullable String limit,
      @Nullable String request,
      String bound,
      List<String> problems) {
    BigDecimal most = Amounts.parse(bound);
    if (limit == null) {
      problems.add(text + ". No limit is specified");
    } else if (Amounts.parse(limit).compareTo(most) > 0) {
      problems.add(text + ", but limit is " + limit);
    } else if (request != null && Amounts.parse(request).compareTo(most) > 0) {
      problems.add(text + ", but request is " + request);
    }
  }

  private static void ratio(
      String text, String request, String limit, String bound, List<String> problems) {
    BigDecimal asked = Amounts.parse(request);
    BigDecimal most = Amounts.parse(limit);
    if (asked.signum() == 0) {
      problems.add(text + ", but no request is specified or request is 0");
    } else if (most.signum() == 0) {
      problems.add(text + ", but no limit is specified or limit is 0");
    } else {
      BigDecimal ratio = most.divide(asked, MathContext.DECIMAL64);
      if (ratio.compareTo(Amounts.parse(bound)) > 0) {
        problems.add(text + ", but provided ratio is " + String.format(Locale.ROOT, "%f", ratio));
      }
    }
  }
}
