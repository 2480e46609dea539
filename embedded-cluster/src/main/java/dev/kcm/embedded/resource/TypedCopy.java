package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Copies a tree along its field types, and finds type errors and unknown fields on the way.
 *
 * <p>Confined to one decode.
 */
final class TypedCopy {

  /**
   * A value that does not fit its field. The original has two decoders with words of their own, one
   * for text and one for trees that a strategic patch made.
   */
  static final class TypeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String treeReason;

    TypeException(String reason) {
      this(reason, reason);
    }

    TypeException(String reason, String treeReason) {
      super(reason, null, false, false);
      this.reason = reason;
      this.treeReason = treeReason;
    }

    String reason() {
      return reason;
    }

    String treeReason() {
      return treeReason;
    }
  }

  /** Empty lists that are told apart from missing ones. */
  private static final Set<String> KEEPS_EMPTY = Set.of("discovery.v1.EndpointSlice.endpoints");

  private final FieldTypes types;
  private final List<String> unknown;
  private final Deque<String> fields = new ArrayDeque<>();
  private final Deque<String> path = new ArrayDeque<>();
  private String struct = "";

  TypedCopy(FieldTypes types, List<String> unknown) {
    this.types = types;
    this.unknown = unknown;
  }

  /**
   * Copies a whole object.
   *
   * @param type its struct, null when only the metadata is known
   */
  ObjectNode root(@Nullable String type, String kind, ObjectNode object) throws TypeException {
    if (type != null) {
      return struct(type, object);
    }
    struct = kind;
    ObjectNode copy = object.deepCopy();
    if (object.has("metadata")) {
      fields.addLast("metadata");
      path.addLast("metadata");
      JsonNode metadata = value("@meta.v1.ObjectMeta", object.get("metadata"));
      if (metadata == null) {
        copy.remove("metadata");
      } else {
        copy.set("metadata", metadata);
      }
    }
    return copy;
  }

  private ObjectNode struct(String type, ObjectNode object) throws TypeException {
    Map<String, String> known = types.fields(type);
    String outer = struct;
    ObjectNode copy = Trees.object();
    // Sorted, so that the first of several errors does not depend on the sender's order.
    Map<String, JsonNode> sorted = new TreeMap<>();
    object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
    for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
      String fieldType = known.get(field.getKey());
      if (fieldType == null) {
        unknown.add("unknown field \"" + pathTo(field.getKey()) + "\"");
        continue;
      }
      struct = type.substring(type.lastIndexOf('.') + 1);
      fields.addLast(field.getKey());
      path.addLast((path.isEmpty() ? "" : ".") + field.getKey());
      JsonNode value = value(fieldType, field.getValue());
      path.removeLast();
      fields.removeLast();
      if (value != null && !isDropped(type, field.getKey(), value)) {
        copy.set(field.getKey(), value);
      }
    }
    struct = outer;
    return copy;
  }

  private boolean isDropped(String type, String field, JsonNode value) {
    if (value.isTextual()) {
      return value.asText().isEmpty() && type.equals("meta.v1.ObjectMeta");
    }
    boolean collection = !known(type, field).startsWith("@") && !known(type, field).equals("any");
    return collection
        && value.isContainerNode()
        && value.isEmpty()
        && !KEEPS_EMPTY.contains(type + "." + field);
  }

  private String known(String type, String field) {
    return types.fields(type).getOrDefault(field, "any");
  }

  private String pathTo(String field) {
    String parent = String.join("", path);
    return parent.isEmpty() ? field : parent + "." + field;
  }

  private @Nullable JsonNode value(String type, JsonNode value) throws TypeException {
    if (value.isNull()) {
      return null;
    }
    if (type.startsWith("@")) {
      return struct(type.substring(1), require(value, ObjectNode.class, type));
    }
    if (type.startsWith("[]")) {
      return list(type, require(value, ArrayNode.class, type));
    }
    if (type.startsWith("{}")) {
      return map(type, require(value, ObjectNode.class, type));
    }
    return scalar(type, value);
  }

  private <T extends JsonNode> T require(JsonNode value, Class<T> wanted, String type)
      throws TypeException {
    if (!wanted.isInstance(value)) {
      throw mismatch(value, type);
    }
    return wanted.cast(value);
  }

  private ArrayNode list(String type, ArrayNode list) throws TypeException {
    ArrayNode copy = Trees.array();
    for (int i = 0; i < list.size(); i++) {
      path.addLast("[" + i + "]");
      JsonNode item = value(type.substring(2), list.get(i));
      path.removeLast();
      copy.add(item == null ? zero(type.substring(2)) : item);
    }
    return copy;
  }

  private ObjectNode map(String type, ObjectNode map) throws TypeException {
    ObjectNode copy = Trees.object();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      path.addLast("." + entry.getKey());
      JsonNode value = value(type.substring(2), entry.getValue());
      path.removeLast();
      copy.set(entry.getKey(), value == null ? zero(type.substring(2)) : value);
    }
    return copy;
  }

  private static JsonNode zero(String type) {
    if (type.startsWith("@") || type.startsWith("{}")) {
      return Trees.object();
    }
    return type.startsWith("[]") ? Trees.array() : TextNode.valueOf("");
  }

  private JsonNode scalar(String type, JsonNode value) throws TypeException {
    return switch (type) {
      case "any" -> value.deepCopy();
      case "bool" -> checked(value.isBoolean(), type, value);
      case "int32" -> checked(isWhole(value) && value.canConvertToInt(), type, value);
      case "int64" -> checked(isWhole(value) && value.canConvertToLong(), type, value);
      case "double" -> checked(value.isNumber(), type, value);
      case "intstr" ->
          checked(
              value.isTextual() || (isWhole(value) && value.canConvertToInt()),
              value.isNumber() ? "int32" : "string",
              value);
      case "quantity" ->
          ScalarForms.quantity(checked(value.isTextual() || value.isNumber(), "string", value));
      case "time" -> ScalarForms.time(checked(value.isTextual(), "string", value).asText());
      case "microtime" ->
          ScalarForms.microTime(checked(value.isTextual(), "string", value).asText());
      case "bytes" -> bytes(checked(value.isTextual(), "[]uint8", value));
      default -> checked(value.isTextual(), type, value);
    };
  }

  private static boolean isWhole(JsonNode value) {
    return value.isIntegralNumber();
  }

  private static JsonNode bytes(JsonNode value) throws TypeException {
    String text = value.asText();
    try {
      Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      String why = "illegal base64 data at input byte " + ScalarForms.badBase64(text);
      throw new TypeException(why, "error decoding from json: " + why);
    }
    return value;
  }

  private JsonNode checked(boolean fits, String type, JsonNode value) throws TypeException {
    if (!fits) {
      throw mismatch(value, type);
    }
    return value;
  }

  private TypeException mismatch(JsonNode value, String type) {
    String what = kindOf(value);
    if (value.isNumber() && type.startsWith("int")) {
      what += " " + value.asText();
    }
    List<String> names = new ArrayList<>(fields);
    return new TypeException(
        "json: cannot unmarshal "
            + what
            + " into Go struct field "
            + struct
            + "."
            + String.join(".", names)
            + " of type "
            + goType(type),
        treeReason(value, what, type));
  }

  private static String treeReason(JsonNode value, String what, String type) {
    String kind = GoText.kindOf(value);
    if (type.startsWith("[]")) {
      return "cannot restore slice from " + kind;
    }
    if (type.startsWith("{}")) {
      return "cannot restore map from " + kind;
    }
    if (type.startsWith("@")) {
      return "cannot restore struct from: " + kind;
    }
    return switch (type) {
      case "bool" -> "unrecognized type: bool";
      case "double" -> "unrecognized type: float64";
      case "int32", "int64" ->
          value.isNumber()
              ? "cannot convert " + kind + " to " + type
              : "unrecognized type: " + type;
      case "intstr", "quantity", "time", "microtime", "any" ->
          "json: cannot unmarshal " + what + " into Go value of type " + goType(type);
      default ->
          kind.equals("int64") ? "cannot convert int64 to " + type : "unrecognized type: string";
    };
  }

  /** The word for a JSON value in type errors. */
  static String kindOf(JsonNode value) {
    if (value.isObject()) {
      return "object";
    }
    if (value.isArray()) {
      return "array";
    }
    if (value.isBoolean()) {
      return "bool";
    }
    return value.isNumber() ? "number" : "string";
  }

  private static String goType(String type) {
    if (type.startsWith("[]")) {
      return "[]" + goType(type.substring(2));
    }
    if (type.startsWith("{}")) {
      return "map[string]" + goType(type.substring(2));
    }
    if (type.startsWith("@")) {
      return type.substring(type.indexOf('.') + 1);
    }
    return switch (type) {
      case "bytes" -> "[]uint8";
      case "double" -> "float64";
      case "quantity" -> "resource.Quantity";
      case "intstr" -> "intstr.IntOrString";
      case "time" -> "v1.Time";
      case "microtime" -> "v1.MicroTime";
      case "any" -> "runtime.RawExtension";
      default -> type;
    };
  }
}
