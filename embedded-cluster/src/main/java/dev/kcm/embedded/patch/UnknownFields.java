package dev.kcm.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.patch.ApiField.ValueType;
import dev.kcm.embedded.resource.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the fields of an object that its type does not have. */
public final class UnknownFields {

  private UnknownFields() {}

  /**
   * Paths of the fields that the type of the object does not have, as strict decoding names them:
   * {@code spec.template.spec.containers[0].imag}.
   *
   * @param kind kind of the object
   * @param object the object as it was sent; not changed
   * @return paths in the order of the object; empty when all is well or the kind has no known type
   */
  public static List<String> of(Kind kind, JsonNode object) {
    List<String> unknown = new ArrayList<>();
    ApiType.of(kind).ifPresent(type -> fields(object, type, "", unknown));
    return unknown;
  }

  private static void fields(JsonNode object, ApiType type, String path, List<String> unknown) {
    if (!type.plainType().isEmpty()) {
      return;
    }
    for (var entry : object.properties()) {
      String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      ApiField field = type.field(entry.getKey());
      if (field == null) {
        unknown.add(at);
      } else {
        value(entry.getValue(), field.type(), at, unknown);
      }
    }
  }

  private static void value(
      JsonNode value, @Nullable ValueType type, String path, List<String> unknown) {
    if (type == null || !value.isContainerNode()) {
      return;
    }
    ValueType element = type.element().orElse(null);
    switch (type.form()) {
      case NAMED -> type.named().ifPresent(named -> fields(value, named, path, unknown));
      case MAP ->
          value
              .properties()
              .forEach(e -> value(e.getValue(), element, path + "." + e.getKey(), unknown));
      case LIST -> {
        for (int i = 0; i < value.size(); i++) {
          value(value.get(i), element, path + "[" + i + "]", unknown);
        }
      }
      case SCALAR, ANY -> {}
    }
  }
}
