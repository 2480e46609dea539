package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Where objects of a kind keep what their scale shows.
 *
 * @param replicas path of the wanted number
 * @param current path of the present number
 * @param selector path of the selector; a text or an object, empty when there is none
 */
record ScalePaths(List<String> replicas, List<String> current, List<String> selector) {

  private static final ScalePaths BUILT_IN =
      new ScalePaths(
          List.of("spec", "replicas"), List.of("status", "replicas"), List.of("spec", "selector"));

  ScalePaths {
    replicas = List.copyOf(replicas);
    current = List.copyOf(current);
    selector = List.copyOf(selector);
  }

  /** The paths that a definition of a custom kind names, or those of the built-in kinds. */
  static ScalePaths of(JsonNode definition) {
    JsonNode scale = definition.path("subresources").path("scale");
    return scale.isObject()
        ? new ScalePaths(
            parts(scale.path("specReplicasPath")),
            parts(scale.path("statusReplicasPath")),
            parts(scale.path("labelSelectorPath")))
        : BUILT_IN;
  }

  private static List<String> parts(JsonNode path) {
    String text = path.asText("");
    return text.isEmpty() ? List.of() : List.of(text.substring(1).split("\\.", -1));
  }

  int replicas(JsonNode object) {
    return at(object, replicas).asInt(0);
  }

  int currentReplicas(JsonNode object) {
    return at(object, current).asInt(0);
  }

  void setReplicas(ObjectNode object, int number) {
    ObjectNode parent = object;
    for (String name : replicas.subList(0, replicas.size() - 1)) {
      parent = Trees.child(parent, name);
    }
    parent.put(replicas.get(replicas.size() - 1), number);
  }

  /** The selector as text, empty when the object shows none. */
  String selector(JsonNode object) {
    JsonNode found = selector.isEmpty() ? Trees.missing() : at(object, selector);
    if (found.isTextual()) {
      return found.asText();
    }
    boolean structured = found.has("matchLabels") || found.has("matchExpressions");
    return ObjectSelector.text(structured ? found : Trees.object().set("matchLabels", found));
  }

  private static JsonNode at(JsonNode object, List<String> path) {
    JsonNode node = object;
    for (String name : path) {
      node = node.path(name);
    }
    return node;
  }
}
