package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ApiField.Form;
import dev.kcm.embedded.patch.ApiField.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: objects merge field by field, lists as their type says.
 *
 * <p>The methods consume their arguments: trees are changed in place and nodes of the patch move
 * into the result.
 */
final class StrategicMerge {

  private StrategicMerge() {}

  /** Merges a patch into a whole object. */
  static JsonNode merge(JsonNode current, JsonNode patch, ApiType type) {
    ValueType root = new ValueType(Form.NAMED, type.name(), List.of());
    return merge((ObjectNode) current, (ObjectNode) patch, root);
  }

  /**
   * Merges a patch into an object.
   *
   * @param type declared type of the object, null when unknown
   */
  static ObjectNode merge(ObjectNode current, ObjectNode patch, @Nullable ValueType type) {
    String directive = Directives.patch(patch);
    patch.remove(Directives.PATCH);
    if (directive.equals("delete")) {
      return current.removeAll();
    }
    if (directive.equals("replace")) {
      Directives.strip(patch);
      return patch;
    }
    retainKeys(current, patch);
    Fields fields = Fields.of(type);
    orderedLists(current, patch, fields);
    for (String key : keys(patch)) {
      JsonNode value = patch.get(key);
      if (key.startsWith(Directives.DELETE_FROM_LIST)) {
        deleteScalars(current, field(key, Directives.DELETE_FROM_LIST), value);
      } else if (!Directives.isDirective(key)) {
        mergeField(current, key, value, fields);
      }
    }
    return current;
  }

  private static void mergeField(ObjectNode current, String key, JsonNode value, Fields fields) {
    JsonNode old = current.get(key);
    if (value.isNull()) {
      current.remove(key);
    } else if (old instanceof ObjectNode object && value instanceof ObjectNode patch) {
      current.set(key, mergeObject(object, patch, fields.of(key), fields.typeOf(key)));
    } else if (old instanceof ArrayNode list && value instanceof ArrayNode patch) {
      current.set(key, ListMerge.of(key, fields.of(key)).merge(list, patch));
    } else if (!value.has(Directives.PATCH)) {
      current.set(key, Directives.strip(value));
    } else {
      current.remove(key);
    }
  }

  private static JsonNode mergeObject(
      ObjectNode old, ObjectNode patch, @Nullable ApiField field, @Nullable ValueType type) {
    if (field != null && field.replaced()) {
      return Directives.strip(patch);
    }
    return merge(old, patch, type);
  }

  /** Removes what the patch does not name, where it lists the only fields to keep. */
  private static void retainKeys(ObjectNode current, ObjectNode patch) {
    JsonNode directive = patch.remove(Directives.RETAIN_KEYS);
    if (directive == null) {
      return;
    }
    if (!directive.isArray()) {
      throw new PatchException(422, "invalid patch format of retainKeys: not a list");
    }
    Set<String> kept = new HashSet<>();
    directive.forEach(key -> kept.add(key.asText()));
    for (String key : keys(patch)) {
      if (!Directives.isDirective(key) && !patch.get(key).isNull() && !kept.contains(key)) {
        throw new PatchException(
            422, "invalid patch format of retainKeys: it does not name the field " + key);
      }
    }
    current.retain(kept);
  }

  /** Merges the lists that the patch gives an order for. */
  private static void orderedLists(ObjectNode current, ObjectNode patch, Fields fields) {
    for (String key : keys(patch)) {
      if (!key.startsWith(Directives.ELEMENT_ORDER)) {
        continue;
      }
      JsonNode order = patch.remove(key);
      String name = field(key, Directives.ELEMENT_ORDER);
      JsonNode old = current.get(name);
      JsonNode change = patch.get(name);
      if (!isListOrAbsent(old) || !isListOrAbsent(change) || !order.isArray()) {
        throw new PatchException(
            422, "invalid patch format of setElementOrder list: " + name + " is not a list");
      }
      if (old != null || change != null) {
        ArrayNode before = old == null ? current.arrayNode() : (ArrayNode) old;
        ArrayNode changes = change == null ? current.arrayNode() : (ArrayNode) change;
        ListMerge merge = ListMerge.of(name, fields.of(name));
        current.set(name, merge.mergeInOrder(before, changes, (ArrayNode) order));
        patch.remove(name);
      }
    }
  }

  private static boolean isListOrAbsent(@Nullable JsonNode node) {
    return node == null || node.isArray();
  }

  private static void deleteScalars(ObjectNode current, String key, JsonNode values) {
    if (!values.isArray()) {
      throw new PatchException(422, "invalid patch format of primitive list: " + key);
    }
    if (current.get(key) instanceof ArrayNode list) {
      Set<String> gone = new HashSet<>();
      values.forEach(value -> gone.add(Scalars.identity(value)));

      for (int i = list.size() - 1; i >= 0; i--) {
        if (gone.contains(Scalars.identity(list.get(i)))) {
          list.remove(i);
        }
      }
    }
  }

  private static String field(String key, String directive) {
    return key.substring(directive.length());
  }

  private static List<String> keys(ObjectNode node) {
    List<String> keys = new ArrayList<>(node.size());
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** What is known about the fields of an object: those of its type, or one type for all. */
  private record Fields(@Nullable ApiType type, @Nullable ValueType values) {

    static Fields of(@Nullable ValueType type) {
      if (type == null) {
        return new Fields(null, null);
      }
      return new Fields(
          type.named().orElse(null), type.form() == Form.MAP ? type.inner().get(0) : null);
    }

    @Nullable ApiField of(String key) {
      return type == null ? null : type.field(key);
    }

    @Nullable ValueType typeOf(String key) {
      ApiField field = of(key);
      return field == null ? values : field.type();
    }
  }
}
