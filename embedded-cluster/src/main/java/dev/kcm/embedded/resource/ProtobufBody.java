package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.FieldNumbers.Field;
import dev.kcm.embedded.resource.ProtobufReader.FormatException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/**
 * Turns objects that clients send as {@code application/vnd.kubernetes.protobuf} into the trees
 * that their JSON form has.
 *
 * <p>Stateless.
 */
public final class ProtobufBody {

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int DEEPEST = 100;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ProtobufBody() {}

  /**
   * Decodes an object.
   *
   * @param body the envelope with apiVersion, kind and content
   * @param wanted the kind that the operation takes, for messages
   * @throws StatusException 400 when it cannot be read, 415 for kinds that come as JSON only
   */
  public static JsonNode decode(byte[] body, String wanted) {
    try {
      if (body.length < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(body, MAGIC.length))) {
        throw new FormatException("provided data does not appear to be a protobuf message");
      }
      return envelope(Arrays.copyOfRange(body, MAGIC.length, body.length));
    } catch (FormatException e) {
      throw Statuses.badRequest(
          "the object provided is unrecognized (must be of type %s): protobuf parse error: %s"
              .formatted(wanted, e.getMessage()));
    }
  }

  private static JsonNode envelope(byte[] bytes) throws FormatException {
    String apiVersion = "";
    String kind = "";
    byte[] content = {};
    ProtobufReader reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.number() == 1) {
        ProtobufReader type = new ProtobufReader(reader.bytes());
        while (type.next()) {
          apiVersion = type.number() == 1 ? type.text() : apiVersion;
          kind = type.number() == 2 ? type.text() : kind;
        }
      } else if (reader.number() == 2) {
        content = reader.bytes();
      }
    }
    ObjectNode object = NODES.objectNode().put("apiVersion", apiVersion).put("kind", kind);
    String struct = struct(apiVersion, kind);
    read(content, struct, struct, object, 0);
    return object;
  }

  private static String struct(String apiVersion, String kind) {
    String struct =
        kind.equals("DeleteOptions")
            ? "meta.v1.DeleteOptions"
            : FieldTypes.builtIn().structOf(apiVersion, kind);
    if (struct == null || !FieldNumbers.knows(struct)) {
      throw Statuses.unsupportedMediaType(
          ("%s of %s is not understood in protobuf; accepted media types include:"
                  + " application/json, application/yaml")
              .formatted(kind, apiVersion));
    }
    return struct;
  }

  /**
   * Reads a message.
   *
   * @param struct the struct that numbers the fields
   * @param shown the struct that gives their types and shows them in JSON
   */
  private static void read(byte[] message, String struct, String shown, ObjectNode into, int depth)
      throws FormatException {
    if (depth > DEEPEST) {
      throw new FormatException("nested too deep");
    }
    Map<String, String> types = FieldTypes.builtIn().fields(shown);
    ProtobufReader reader = new ProtobufReader(message);
    while (reader.next()) {
      Field field = FieldNumbers.find(struct, reader.number());
      if (field == null) {
        continue;
      }
      if (field.inline()) {
        read(reader.bytes(), field.name(), shown, into, depth + 1);
      } else if (types.containsKey(field.name())) {
        put(into, field, types.get(field.name()), reader, depth);
      }
    }
  }

  private static void put(
      ObjectNode into, Field field, String type, ProtobufReader reader, int depth)
      throws FormatException {
    if (type.startsWith("[]")) {
      ArrayNode list =
          into.get(field.name()) instanceof ArrayNode present
              ? present
              : into.putArray(field.name());
      list.add(value(type.substring(2), reader, depth));
    } else if (type.startsWith("{}")) {
      ObjectNode map =
          into.get(field.name()) instanceof ObjectNode present
              ? present
              : into.putObject(field.name());
      putEntry(map, type.substring(2), reader.bytes(), depth);
    } else {
      JsonNode value = value(type, reader, depth);
      if (!value.isNull() && !(field.leavesZeroOut() && isZero(value))) {
        into.set(field.name(), value);
      }
    }
  }

  private static void putEntry(ObjectNode map, String type, byte[] entry, int depth)
      throws FormatException {
    String key = "";
    JsonNode value = null;
    ProtobufReader reader = new ProtobufReader(entry);
    while (reader.next()) {
      if (reader.number() == 1) {
        key = reader.text();
      } else {
        value = value(type, reader, depth);
      }
    }
    map.set(key, value == null ? value(type, new ProtobufReader(new byte[0]), depth) : value);
  }

  private static boolean isZero(JsonNode value) {
    return (value.isTextual() && value.asText().isEmpty())
        || (value.isNumber() && value.asDouble() == 0)
        || (value.isBoolean() && !value.asBoolean());
  }

  private static JsonNode value(String type, ProtobufReader reader, int depth)
      throws FormatException {
    if (type.startsWith("@")) {
      ObjectNode object = NODES.objectNode();
      String struct = type.substring(1);
      read(reader.bytes(), struct, struct, object, depth + 1);
      return object;
    }
    return switch (type) {
      case "int32" -> NODES.numberNode((int) reader.value());
      case "int64" -> number(reader.value());
      case "bool" -> NODES.booleanNode(reader.value() != 0);
      case "double" -> NODES.numberNode(Double.longBitsToDouble(reader.value()));
      case "bytes" -> NODES.textNode(java.util.Base64.getEncoder().encodeToString(reader.bytes()));
      case "quantity" -> NODES.textNode(first(reader.bytes()));
      case "time", "microtime" -> time(reader.bytes(), type.equals("microtime"));
      case "intstr" -> numberOrText(reader.bytes());
      case "any" -> embedded(reader.bytes());
      case "[]string" -> texts(reader.bytes());
      default -> NODES.textNode(reader.text());
    };
  }

  /** A number in the form that a JSON parser gives it. */
  private static JsonNode number(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  /** The text of a message that only wraps one. */
  private static String first(byte[] message) throws FormatException {
    ProtobufReader reader = new ProtobufReader(message);
    return reader.next() ? reader.text() : "0";
  }

  private static JsonNode texts(byte[] message) throws FormatException {
    ArrayNode texts = NODES.arrayNode();
    ProtobufReader reader = new ProtobufReader(message);
    while (reader.next()) {
      texts.add(reader.text());
    }
    return texts;
  }

  private static JsonNode numberOrText(byte[] message) throws FormatException {
    boolean isText = false;
    int number = 0;
    String text = "";
    ProtobufReader reader = new ProtobufReader(message);
    while (reader.next()) {
      switch (reader.number()) {
        case 1 -> isText = reader.value() == 1;
        case 2 -> number = (int) reader.value();
        default -> text = reader.text();
      }
    }
    return isText ? NODES.textNode(text) : NODES.numberNode(number);
  }

  /** An empty message stands for no time. */
  private static JsonNode time(byte[] message, boolean micros) throws FormatException {
    if (message.length == 0) {
      return NODES.nullNode();
    }
    long seconds = 0;
    long nanos = 0;
    ProtobufReader reader = new ProtobufReader(message);
    while (reader.next()) {
      seconds = reader.number() == 1 ? reader.value() : seconds;
      nanos = reader.number() == 2 ? reader.value() : nanos;
    }
    try {
      Instant whole = Instant.ofEpochSecond(seconds);
      String text = whole.toString();
      return NODES.textNode(
          micros ? "%s.%06dZ".formatted(text.substring(0, text.length() - 1), nanos / 1000) : text);
    } catch (DateTimeException e) {
      throw new FormatException("time out of range: " + seconds);
    }
  }

  /** JSON inside a message that carries nothing else. */
  private static JsonNode embedded(byte[] message) throws FormatException {
    ProtobufReader reader = new ProtobufReader(message);
    if (!reader.next()) {
      return NODES.nullNode();
    }
    try {
      return JSON.readTree(reader.bytes());
    } catch (IOException e) {
      throw new FormatException("embedded JSON cannot be read");
    }
  }
}
