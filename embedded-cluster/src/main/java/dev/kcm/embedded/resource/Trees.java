package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and edits JSON trees. Stored trees are never edited: copies share what stayed equal.
 *
 * <p>Stateless.
 */
final class Trees {

  private Trees() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The node that stands for nothing. */
  static JsonNode missing() {
    return MissingNode.getInstance();
  }

  /** A new object with the same children. */
  static ObjectNode shallow(JsonNode object) {
    ObjectNode copy = object();
    object.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
    return copy;
  }

  /** The object child of a tree under construction, made when it is missing. */
  static ObjectNode child(ObjectNode parent, String field) {
    if (parent.get(field) instanceof ObjectNode present) {
      return present;
    }
    ObjectNode made = object();
    parent.set(field, made);
    return made;
  }

  /** The list child of a tree under construction, made when it is missing. */
  static ArrayNode listChild(ObjectNode parent, String field) {
    if (parent.get(field) instanceof ArrayNode present) {
      return present;
    }
    ArrayNode made = array();
    parent.set(field, made);
    return made;
  }

  /** The object items of a list of a tree under construction. */
  static List<ObjectNode> items(JsonNode parent, String field) {
    List<ObjectNode> items = new ArrayList<>();
    for (JsonNode item : parent.path(field)) {
      if (item instanceof ObjectNode object) {
        items.add(object);
      }
    }
    return items;
  }

  static void putIfAbsent(ObjectNode object, String field, String value) {
    if (isUnset(object, field)) {
      object.put(field, value);
    }
  }

  static void putIfAbsent(ObjectNode object, String field, int value) {
    if (isUnset(object, field)) {
      object.put(field, value);
    }
  }

  static void putIfAbsent(ObjectNode object, String field, boolean value) {
    if (isUnset(object, field)) {
      object.put(field, value);
    }
  }

  /** Whether a field is missing, null or an empty text, which built-in kinds do not tell apart. */
  static boolean isUnset(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }

  /** Sets a field to a copy of the other object's, or removes it. */
  static void copyField(JsonNode from, ObjectNode to, String field) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  /** A map of texts; other values are left out. */
  static Map<String, String> texts(JsonNode map) {
    Map<String, String> texts = new HashMap<>();
    map.properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                texts.put(field.getKey(), field.getValue().asText());
              }
            });
    return texts;
  }

  /** A list of texts; other values are left out. */
  static List<String> textList(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(
        item -> {
          if (item.isTextual()) {
            texts.add(item.asText());
          }
        });
    return texts;
  }

  static ArrayNode arrayOf(Iterable<String> texts) {
    ArrayNode array = array();
    texts.forEach(array::add);
    return array;
  }

  /** Whether both are one instance. */
  @SuppressWarnings("ReferenceEquality") // versions of an object are told apart by identity
  static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
    return one == other;
  }

  /**
   * The new tree, with every branch that equals the old one replaced by it.
   *
   * @return {@code old} itself when nothing differs
   */
  static JsonNode reuse(JsonNode old, JsonNode next) {
    if (isSame(old, next)) {
      return old;
    }
    if (old instanceof ObjectNode oldObject && next instanceof ObjectNode nextObject) {
      return reuse(oldObject, nextObject);
    }
    if (old instanceof ArrayNode oldArray && next instanceof ArrayNode nextArray) {
      return reuse(oldArray, nextArray);
    }
    return old.equals(next) ? old : next;
  }

  private static JsonNode reuse(ObjectNode old, ObjectNode next) {
    boolean same = old.size() == next.size();
    ObjectNode result = object();
    for (Map.Entry<String, JsonNode> field : next.properties()) {
      JsonNode before = old.get(field.getKey());
      JsonNode value = before == null ? field.getValue() : reuse(before, field.getValue());
      same &= isSame(value, before);
      result.set(field.getKey(), value);
    }
    return same ? old : result;
  }

  private static JsonNode reuse(ArrayNode old, ArrayNode next) {
    boolean same = old.size() == next.size();
    ArrayNode result = array();
    for (int i = 0; i < next.size(); i++) {
      JsonNode value = i < old.size() ? reuse(old.get(i), next.get(i)) : next.get(i);
      same &= i < old.size() && isSame(value, old.get(i));
      result.add(value);
    }
    return same ? old : result;
  }
}
