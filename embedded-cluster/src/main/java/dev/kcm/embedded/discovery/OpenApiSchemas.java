package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.patch.ApiField;
import dev.kcm.embedded.patch.ApiField.Atomicity;
import dev.kcm.embedded.patch.ApiField.ListRule;
import dev.kcm.embedded.patch.ApiField.ValueType;
import dev.kcm.embedded.patch.ApiType;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes API types as schemas of an OpenAPI document.
 *
 * <p><i>Immutable.</i>
 */
final class OpenApiSchemas {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String refPrefix;
  private final boolean version3;

  private OpenApiSchemas(String refPrefix, boolean version3) {
    this.refPrefix = refPrefix;
    this.version3 = version3;
  }

  static OpenApiSchemas version2() {
    return new OpenApiSchemas("#/definitions/", false);
  }

  static OpenApiSchemas version3() {
    return new OpenApiSchemas("#/components/schemas/", true);
  }

  /** The schema of a type; of a kind it names group, version and kind. */
  ObjectNode schema(ApiType type) {
    ObjectNode schema =
        type.plainType().isEmpty()
            ? NODES.objectNode().put("type", "object")
            : scalar(type.plainType());
    if (type.atomic()) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    if (!type.gvk().isEmpty()) {
      List<String> gvk = List.of(type.gvk().split("/", -1));
      putKind(schema, gvk.get(0), gvk.get(1), gvk.get(2));
    }
    if (!type.fields().isEmpty()) {
      ObjectNode properties = schema.putObject("properties");
      List<String> required = new ArrayList<>();
      for (ApiField field : type.fields().values()) {
        properties.set(field.name(), property(field));
        if (field.required()) {
          required.add(field.name());
        }
      }
      putList(schema, "required", required);
    }
    return schema;
  }

  /** The schema of a list of a kind. */
  ObjectNode listSchema(ApiType item, String group, String version, String kind) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    putKind(schema, group, version, kind + "List");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties
        .putObject("metadata")
        .put("$ref", refPrefix + "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
    properties
        .putObject("items")
        .put("type", "array")
        .putObject("items")
        .put("$ref", refPrefix + item.name());
    putList(schema, "required", List.of("items"));
    return schema;
  }

  static void putKind(ObjectNode schema, String group, String version, String kind) {
    schema
        .putArray("x-kubernetes-group-version-kind")
        .addObject()
        .put("group", group)
        .put("version", version)
        .put("kind", kind);
  }

  private ObjectNode property(ApiField field) {
    ObjectNode property = type(field.type());
    ObjectNode traits = traits(field);
    if (property.has("$ref") && !traits.isEmpty() && version3) {
      // A reference has no siblings in OpenAPI 3.0.
      ObjectNode wrapped = NODES.objectNode();
      wrapped.putArray("allOf").add(property);
      property = wrapped;
    }
    property.setAll(traits);
    return property;
  }

  private static ObjectNode traits(ApiField field) {
    ObjectNode traits = NODES.objectNode();
    boolean list = field.type().form() == ApiField.Form.LIST;
    if (list && field.listRule() != ListRule.ATOMIC) {
      traits.put("x-kubernetes-list-type", field.listRule() == ListRule.SET ? "set" : "map");
    } else if (list) {
      traits.put("x-kubernetes-list-type", "atomic");
    }
    putList(traits, "x-kubernetes-list-map-keys", field.listKeys());
    if (field.mergesItems()) {
      traits.put("x-kubernetes-patch-strategy", "merge");
      if (!field.mergeKey().isEmpty()) {
        traits.put("x-kubernetes-patch-merge-key", field.mergeKey());
      }
    }
    if (field.atomicity() != Atomicity.INHERITED) {
      traits.put(
          "x-kubernetes-map-type", field.atomicity() == Atomicity.ATOMIC ? "atomic" : "granular");
    }
    if (!field.defaultText().isEmpty()) {
      traits.put("default", field.defaultText());
    }
    return traits;
  }

  private ObjectNode type(ValueType type) {
    return switch (type.form()) {
      case NAMED -> NODES.objectNode().put("$ref", refPrefix + type.name());
      case LIST -> {
        ObjectNode list = NODES.objectNode().put("type", "array");
        list.set("items", type(type.inner().get(0)));
        yield list;
      }
      case MAP -> {
        ObjectNode map = NODES.objectNode().put("type", "object");
        map.set("additionalProperties", type(type.inner().get(0)));
        yield map;
      }
      case SCALAR, ANY -> scalar(type.name());
    };
  }

  private ObjectNode scalar(String name) {
    ObjectNode schema = NODES.objectNode();
    switch (name) {
      case "any" -> {}
      case "int32", "int64" -> schema.put("type", "integer").put("format", name);
      case "double" -> schema.put("type", "number").put("format", name);
      case "byte", "date-time" -> schema.put("type", "string").put("format", name);
      case "int-or-string" -> {
        schema.put("format", name);
        if (version3) {
          ArrayNode oneOf = schema.putArray("oneOf");
          oneOf.addObject().put("type", "integer");
          oneOf.addObject().put("type", "string");
        } else {
          schema.put("type", "string");
        }
      }
      default -> schema.put("type", name);
    }
    return schema;
  }

  private static void putList(ObjectNode target, String key, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode list = target.putArray(key);
      values.forEach(list::add);
    }
  }
}
