package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of kubectl's JSONPath that printer columns use: {@code .a.b}, {@code ['a']}, {@code
 * [0]}, {@code [-1]}, {@code [*]} and {@code [?(@.a=="b")]}.
 *
 * <p>Stateless.
 */
final class JsonPath {

  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<name>(?:\\\\.|[^.\\[\\]\\\\])+)"
              + "|\\['(?<quoted>[^']*)'\\]"
              + "|\\[(?<index>-?[0-9]+)\\]"
              + "|(?<all>\\[\\*\\])"
              + "|\\[\\?\\(@(?<field>\\.[^=!<>]*?)\\s*==\\s*[\"'](?<value>[^\"']*)[\"']\\s*\\)\\]");

  private JsonPath() {}

  /** What the path finds, in order; nothing for a path that is not understood. */
  static List<JsonNode> find(JsonNode object, String path) {
    List<JsonNode> found = List.of(object);
    Matcher step = STEP.matcher(path);
    int at = 0;
    while (at < path.length()) {
      if (!step.find(at) || step.start() != at) {
        return List.of();
      }
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        take(node, step, next);
      }
      found = next;
      at = step.end();
    }
    return found;
  }

  private static void take(JsonNode node, Matcher step, List<JsonNode> into) {
    String name = step.group("name") == null ? step.group("quoted") : step.group("name");
    if (name != null) {
      add(node.path(name.replace("\\", "")), into);
    } else if (step.group("index") != null) {
      int index = Integer.parseInt(step.group("index"));
      add(node.path(index < 0 ? node.size() + index : index), into);
    } else {
      for (JsonNode item : node) {
        if (step.group("all") != null || fits(item, step.group("field"), step.group("value"))) {
          add(item, into);
        }
      }
    }
  }

  private static boolean fits(JsonNode item, String field, String value) {
    return find(item, field).stream().anyMatch(node -> node.asText("").equals(value));
  }

  private static void add(JsonNode node, List<JsonNode> into) {
    if (Row.isSet(node)) {
      into.add(node);
    }
  }
}
