package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Merges an applied configuration into an object, and removes what its owner gave up. */
final class TypedMerge {

  private TypedMerge() {}

  /**
   * Lays a configuration over an object: what both have is merged as deep as the shape says, the
   * rest stays.
   *
   * @return a fresh tree
   */
  static JsonNode merge(JsonNode live, JsonNode config, Shape shape) {
    if (live.isObject() && config.isObject() && shape.hasFields()) {
      ObjectNode merged = live.deepCopy();
      for (var field : config.properties()) {
        JsonNode old = live.path(field.getKey());
        merged.set(field.getKey(), merge(old, field.getValue(), shape.field(field.getKey())));
      }
      return merged;
    }
    if (live.isArray() && config.isArray() && shape.hasItems()) {
      return mergeItems((ArrayNode) live, (ArrayNode) config, shape);
    }
    return config.deepCopy();
  }

  /** Items of the configuration keep its order; others stay where they were between them. */
  private static ArrayNode mergeItems(ArrayNode live, ArrayNode config, Shape shape) {
    Set<String> configured = new HashSet<>();
    config.forEach(item -> configured.add(FieldPaths.item(item, shape)));
    Map<String, JsonNode> current = new HashMap<>();
    live.forEach(item -> current.putIfAbsent(FieldPaths.item(item, shape), item));
    ArrayNode merged = live.arrayNode();
    int next = 0;
    Set<String> done = new HashSet<>();
    for (JsonNode item : config) {
      String element = FieldPaths.item(item, shape);
      while (next < live.size() && !isAhead(live.get(next), configured, done, shape)) {
        addUnlessConfigured(merged, live.get(next++), configured, shape);
      }
      JsonNode old = current.get(element);
      merged.add(old == null ? item.deepCopy() : merge(old, item, shape.item()));
      done.add(element);
    }
    while (next < live.size()) {
      addUnlessConfigured(merged, live.get(next++), configured, shape);
    }
    return merged;
  }

  private static boolean isAhead(
      JsonNode item, Set<String> configured, Set<String> done, Shape shape) {
    String element = FieldPaths.item(item, shape);
    return configured.contains(element) && !done.contains(element);
  }

  private static void addUnlessConfigured(
      ArrayNode merged, JsonNode item, Set<String> configured, Shape shape) {
    if (!configured.contains(FieldPaths.item(item, shape))) {
      merged.add(item.deepCopy());
    }
  }

  /**
   * Removes what a manager owned and nobody owns any more. Changes the tree in place.
   *
   * @param last what the manager owned before
   * @param owned what anybody owns now
   */
  static void prune(JsonNode node, Shape shape, FieldSet last, FieldSet owned) {
    last.children()
        .forEach(
            (element, child) -> {
              boolean declared = element.startsWith("f:") && shape.declares(element.substring(2));
              if (owned.child(element).isEmpty() && (child.isMember() || declared)) {
                remove(node, element, shape);
              } else {
                descend(node, element, shape, child, owned.child(element));
              }
            });
  }

  private static void remove(JsonNode node, String element, Shape shape) {
    if (node instanceof ObjectNode object && element.startsWith("f:")) {
      object.remove(element.substring(2));
    } else if (node instanceof ArrayNode list && shape.hasItems()) {
      int index = FieldPaths.indexOf(list, element, shape);
      if (index >= 0) {
        list.remove(index);
      }
    }
  }

  private static void descend(
      JsonNode node, String element, Shape shape, FieldSet last, FieldSet owned) {
    if (node instanceof ObjectNode object && element.startsWith("f:")) {
      String name = element.substring(2);
      prune(object.path(name), shape.field(name), last, owned);
    } else if (node instanceof ArrayNode list && shape.hasItems()) {
      int index = FieldPaths.indexOf(list, element, shape);
      if (index >= 0) {
        prune(list.get(index), shape.item(), last, owned);
      }
    }
  }
}
