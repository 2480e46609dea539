package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks custom objects against the schema of their kind, in the words of the original. Rules in
 * the expression language ({@code x-kubernetes-validations}) are not evaluated.
 *
 * <p>Confined to one check.
 */
final class CustomValidation {

  private final FieldErrors errors;

  private CustomValidation(FieldErrors errors) {
    this.errors = errors;
  }

  static void check(JsonNode schema, JsonNode object, FieldErrors errors) {
    CustomValidation validation = new CustomValidation(errors);
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      boolean typeOrMetadata = Set.of("apiVersion", "kind", "metadata").contains(property.getKey());
      if (!typeOrMetadata && object.has(property.getKey())) {
        validation.value(property.getKey(), property.getValue(), object.get(property.getKey()));
      }
    }
    validation.required("", schema, object);
  }

  private void value(String path, JsonNode schema, JsonNode value) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    if (!hasType(schema, value)) {
      String word = word(value);
      errors.invalid(
          path,
          TextNode.valueOf(word),
          path + " in body must be of type " + typeName(schema) + ": \"" + word + "\"");
      return;
    }
    enumeration(path, schema, value);
    if (value.isNumber()) {
      number(path, schema, value);
    } else if (value.isTextual()) {
      text(path, schema, value.asText());
    } else if (value.isArray()) {
      list(path, schema, value);
    } else if (value.isObject()) {
      object(path, schema, value);
    }
    alternatives(path, schema, value);
  }

  private static boolean hasType(JsonNode schema, JsonNode value) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return value.isTextual() || value.isIntegralNumber();
    }
    return switch (schema.path("type").asText("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" ->
          value.isIntegralNumber()
              || (value.isNumber() && value.asDouble() == Math.rint(value.asDouble()));
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static String typeName(JsonNode schema) {
    return schema.path("x-kubernetes-int-or-string").asBoolean()
        ? "integer,string"
        : schema.path("type").asText();
  }

  private static String word(JsonNode value) {
    if (value.isNumber()) {
      return value.isIntegralNumber() ? "integer" : "number";
    }
    if (value.isBoolean()) {
      return "boolean";
    }
    return value.isNull() ? "null" : TypedCopy.kindOf(value);
  }

  private void enumeration(String path, JsonNode schema, JsonNode value) {
    List<String> allowed = new ArrayList<>();
    for (JsonNode item : schema.path("enum")) {
      if (item.equals(value)) {
        return;
      }
      allowed.add(item.asText());
    }
    if (!allowed.isEmpty()) {
      errors.notSupported(path, value, allowed);
    }
  }

  private void number(String path, JsonNode schema, JsonNode value) {
    JsonNode minimum = schema.path("minimum");
    JsonNode maximum = schema.path("maximum");
    boolean above = schema.path("exclusiveMinimum").asBoolean();
    boolean below = schema.path("exclusiveMaximum").asBoolean();
    double number = value.asDouble();
    if (minimum.isNumber()
        && (number < minimum.asDouble() || (above && number == minimum.asDouble()))) {
      String relation = above ? "greater than " : "greater than or equal to ";
      errors.invalid(path, value, path + " in body should be " + relation + minimum.asText());
    }
    if (maximum.isNumber()
        && (number > maximum.asDouble() || (below && number == maximum.asDouble()))) {
      String relation = below ? "less than " : "less than or equal to ";
      errors.invalid(path, value, path + " in body should be " + relation + maximum.asText());
    }
    JsonNode step = schema.path("multipleOf");
    if (step.isNumber() && number % step.asDouble() != 0) {
      errors.invalid(path, value, path + " in body should be a multiple of " + step.asText());
    }
  }

  private void text(String path, JsonNode schema, String value) {
    int length = value.codePointCount(0, value.length());
    if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
      errors.tooLong(path, schema.path("maxLength").asInt());
    }
    if (schema.has("minLength") && length < schema.path("minLength").asInt()) {
      errors.invalid(
          path,
          value,
          path + " in body should be at least " + schema.path("minLength").asInt() + " chars long");
    }
    String pattern = schema.path("pattern").asText("");
    if (!pattern.isEmpty() && !matches(pattern, value)) {
      errors.invalid(path, value, path + " in body should match '" + pattern + "'");
    }
  }

  /** A pattern that only the original understands refuses nothing. */
  private static boolean matches(String pattern, String value) {
    try {
      return Pattern.compile(pattern).matcher(value).find();
    } catch (PatternSyntaxException e) {
      return true;
    }
  }

  private void list(String path, JsonNode schema, JsonNode list) {
    if (schema.has("minItems") && list.size() < schema.path("minItems").asInt()) {
      errors.invalid(
          path,
          list.size(),
          path + " in body should have at least " + schema.path("minItems").asInt() + " items");
    }
    if (schema.has("maxItems") && list.size() > schema.path("maxItems").asInt()) {
      errors.tooMany(path, list.size(), schema.path("maxItems").asInt());
    }
    for (int i = 0; i < list.size(); i++) {
      value(path + "[" + i + "]", schema.path("items"), list.get(i));
    }
    unique(path, schema, list);
  }

  /** Lists that are sets or maps hold each item, or each key, once. */
  private void unique(String path, JsonNode schema, JsonNode list) {
    String type = schema.path("x-kubernetes-list-type").asText("");
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode identity = type.equals("map") ? keys(schema, list.get(i)) : list.get(i);
      if ((type.equals("set") || type.equals("map")) && !seen.add(identity)) {
        errors.duplicate(path + "[" + i + "]", identity);
      }
    }
  }

  private static JsonNode keys(JsonNode schema, JsonNode item) {
    var keys = Trees.object();
    for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
      keys.set(key.asText(), item.path(key.asText()));
    }
    return keys;
  }

  private void object(String path, JsonNode schema, JsonNode object) {
    required(path, schema, object);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode property = schema.path("properties").path(field.getKey());
      JsonNode used = property.isObject() ? property : schema.path("additionalProperties");
      if (used.isObject()) {
        value(path + "." + field.getKey(), used, field.getValue());
      }
    }
    if (schema.has("maxProperties") && object.size() > schema.path("maxProperties").asInt()) {
      errors.tooMany(path, object.size(), schema.path("maxProperties").asInt());
    }
    if (schema.has("minProperties") && object.size() < schema.path("minProperties").asInt()) {
      errors.invalid(
          path,
          object.size(),
          path
              + " in body should have at least "
              + schema.path("minProperties").asInt()
              + " properties");
    }
  }

  private void required(String path, JsonNode schema, JsonNode object) {
    for (JsonNode name : schema.path("required")) {
      if (!object.has(name.asText())) {
        errors.required(path.isEmpty() ? name.asText() : path + "." + name.asText(), "");
      }
    }
  }

  private void alternatives(String path, JsonNode schema, JsonNode value) {
    schema.path("allOf").forEach(part -> value(path, part, value));
    if (!schema.path("anyOf").isEmpty() && fitting(path, schema.path("anyOf"), value) == 0) {
      errors.invalid(path, value, path + " in body must validate at least one schema (anyOf)");
    }
    if (!schema.path("oneOf").isEmpty() && fitting(path, schema.path("oneOf"), value) != 1) {
      errors.invalid(path, value, path + " in body must validate one and only one schema (oneOf)");
    }
    if (schema.path("not").isObject() && fits(path, schema.path("not"), value)) {
      errors.invalid(path, value, path + " in body must not validate the schema (not)");
    }
  }

  private static int fitting(String path, JsonNode schemas, JsonNode value) {
    int count = 0;
    for (JsonNode schema : schemas) {
      count += fits(path, schema, value) ? 1 : 0;
    }
    return count;
  }

  private static boolean fits(String path, JsonNode schema, JsonNode value) {
    FieldErrors found = new FieldErrors();
    new CustomValidation(found).value(path, schema, value);
    return found.isEmpty();
  }
}
