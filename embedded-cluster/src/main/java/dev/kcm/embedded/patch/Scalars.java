package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Compares scalars whatever width a parser gave to numbers. */
final class Scalars {

  private Scalars() {}

  /** A text that is the same for equal scalars only. */
  static String identity(@Nullable JsonNode node) {
    if (node == null) {
      return "";
    }
    return node.isContainerNode() ? "c:" + node : node.getNodeType().name() + ":" + node.asText();
  }
}
