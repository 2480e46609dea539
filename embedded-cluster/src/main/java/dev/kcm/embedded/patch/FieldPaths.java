package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeSet;

/**
 * Path elements as managedFields writes them: {@code f:name} for fields, {@code k:{...}} for items
 * with keys, {@code v:...} for items of sets.
 */
final class FieldPaths {

  /** Element of list items that have none of their keys. */
  static final String NO_KEY = "k:{}";

  private FieldPaths() {}

  /** The element of a field. */
  static String field(String name) {
    return "f:" + name;
  }

  /** The element of a list item, {@link #NO_KEY} when it has none of the keys. */
  static String item(JsonNode item, Shape list) {
    if (list.form() == Shape.Form.SET) {
      return "v:" + item;
    }
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    for (String name : new TreeSet<>(list.keys())) {
      JsonNode value = item.get(name);
      if (value != null && !value.isNull()) {
        key.set(name, value);
      } else if (!defaultText(list, name).isEmpty()) {
        key.put(name, defaultText(list, name));
      }
    }
    return "k:" + key;
  }

  private static String defaultText(Shape list, String key) {
    ApiType type = list.item().type();
    ApiField field = type == null ? null : type.field(key);
    return field == null ? "" : field.defaultText();
  }

  /** The position of the item that an element names, -1 when it is not there. */
  static int indexOf(ArrayNode list, String element, Shape shape) {
    for (int i = 0; i < list.size(); i++) {
      if (item(list.get(i), shape).equals(element)) {
        return i;
      }
    }
    return -1;
  }

  /** An element as messages show it: {@code .name}, {@code [name="a"]} or {@code [="v"]}. */
  static String display(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'v' -> "[=" + rest + "]";
      case 'k' ->
          "[" + rest.substring(1, rest.length() - 1).replaceAll("\"([^\"]+)\":", "$1=") + "]";
      default -> "[" + rest + "]";
    };
  }
}
