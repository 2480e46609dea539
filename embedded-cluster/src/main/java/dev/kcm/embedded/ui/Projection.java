package dev.kcm.embedded.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps of an object what the page shows. Nothing else leaves the server: no environment of
 * containers, no annotations, no managed fields. Immutable.
 */
final class Projection {

  private static final String ANY = "*";

  private final List<List<String>> paths;

  private Projection(List<List<String>> paths) {
    this.paths = paths;
  }

  /**
   * A projection on some fields, beside name, namespace, UID, owners and times of every object.
   *
   * @param paths fields with dots between their parts; {@code *} stands for each item of a list
   */
  static Projection of(String... paths) {
    List<String> every =
        List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "metadata.creationTimestamp",
            "metadata.deletionTimestamp",
            "metadata.ownerReferences.*.kind",
            "metadata.ownerReferences.*.name",
            "metadata.ownerReferences.*.controller");
    return new Projection(
        Stream.concat(every.stream(), Arrays.stream(paths))
            .map(path -> List.of(path.split("\\.", -1)))
            .toList());
  }

  ObjectNode apply(JsonNode object) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    paths.forEach(path -> copy(object, kept, path));
    return kept;
  }

  private static void copy(JsonNode from, ObjectNode to, List<String> path) {
    JsonNode value = from.path(path.get(0));
    List<String> rest = path.subList(1, path.size());
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    if (rest.isEmpty()) {
      to.set(path.get(0), value);
    } else if (rest.get(0).equals(ANY)) {
      copyItems(value, to.withArray("/" + path.get(0)), rest.subList(1, rest.size()));
    } else {
      copy(value, to.withObject("/" + path.get(0)), rest);
    }
  }

  private static void copyItems(JsonNode from, ArrayNode to, List<String> rest) {
    for (int i = 0; i < from.size(); i++) {
      if (i == to.size()) {
        to.addObject();
      }
      copy(from.get(i), (ObjectNode) to.get(i), rest);
    }
  }
}
