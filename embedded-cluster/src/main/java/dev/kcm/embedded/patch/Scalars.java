package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Compares values whatever width a parser gave to numbers. */
final class Scalars {

  private Scalars() {}

  /** A text that is the same for equal scalars only. */
  static String identity(@Nullable JsonNode node) {
    if (node == null) {
      return "";
    }
    return node.isContainerNode() ? "c:" + node : node.getNodeType().name() + ":" + node.asText();
  }

  /** Whether two values are equal; numbers by value. */
  static boolean same(JsonNode one, JsonNode other) {
    return one.equals(Scalars::compare, other);
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.equals(other)) {
      return 0;
    }
    return one.isNumber()
            && other.isNumber()
            && one.decimalValue().compareTo(other.decimalValue()) == 0
        ? 0
        : 1;
  }
}
