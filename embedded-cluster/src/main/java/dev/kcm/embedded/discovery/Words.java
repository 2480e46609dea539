package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Small text forms that several kinds share. */
final class Words {

  private Words() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The texts of a list. */
  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>(list.size());
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /** {@code namespace/name}, or the name alone without a namespace. */
  static String namespaced(JsonNode reference) {
    String namespace = reference.path("namespace").asText("");
    String name = reference.path("name").asText("");
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
