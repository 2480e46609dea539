package dev.kcm.embedded.patch;

import dev.kcm.embedded.patch.ApiField.Atomicity;
import dev.kcm.embedded.patch.ApiField.ValueType;
import dev.kcm.embedded.resource.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How ownership descends into a value of some declared type.
 *
 * @param form the rule
 * @param type type of a structure, else null
 * @param element type of the values of a map or of the items of a list, else null
 * @param keys keys that identify the items of an associative list, else empty
 */
record Shape(Form form, @Nullable ApiType type, @Nullable ValueType element, List<String> keys) {

  /** Nothing is known: objects are maps, lists are owned as a whole. */
  static final Shape UNKNOWN = new Shape(Form.UNKNOWN, null, null, List.of());

  /** Owned as a whole. */
  static final Shape ATOMIC = new Shape(Form.ATOMIC, null, null, List.of());

  enum Form {
    ATOMIC,
    STRUCTURE,
    MAP,
    SET,
    ASSOCIATIVE,
    UNKNOWN
  }

  /** The shape of whole objects of a kind. */
  static Shape of(Kind kind) {
    return ApiType.of(kind)
        .map(type -> new Shape(Form.STRUCTURE, type, null, List.of()))
        .orElse(UNKNOWN);
  }

  private static Shape of(ApiField field) {
    ValueType declared = field.type();
    if (field.atomicity() == Atomicity.ATOMIC) {
      return ATOMIC;
    }
    if (declared.form() != ApiField.Form.LIST) {
      return of(declared, field.atomicity() == Atomicity.GRANULAR);
    }
    ValueType item = declared.inner().get(0);
    return switch (field.listRule()) {
      case ATOMIC -> ATOMIC;
      case SET -> new Shape(Form.SET, null, item, List.of());
      case MAP -> new Shape(Form.ASSOCIATIVE, null, item, field.listKeys());
    };
  }

  private static Shape of(ValueType declared, boolean granular) {
    return switch (declared.form()) {
      case MAP -> new Shape(Form.MAP, null, declared.inner().get(0), List.of());
      case NAMED -> {
        ApiType named = declared.named().orElseThrow();
        boolean whole = !named.plainType().isEmpty() || (named.atomic() && !granular);
        yield whole ? ATOMIC : new Shape(Form.STRUCTURE, named, null, List.of());
      }
      case LIST, SCALAR, ANY -> ATOMIC;
    };
  }

  /** Whether objects of this shape are owned besides their parts: maps, lists, the unknown. */
  boolean isContainer() {
    return form != Form.STRUCTURE && form != Form.ATOMIC;
  }

  /** Whether ownership descends into objects of this shape. */
  boolean hasFields() {
    return form == Form.STRUCTURE || form == Form.MAP || form == Form.UNKNOWN;
  }

  /** Whether ownership descends into lists of this shape. */
  boolean hasItems() {
    return form == Form.SET || form == Form.ASSOCIATIVE;
  }

  /** Whether a field is declared by the type, not a key of a map. */
  boolean declares(String field) {
    return type != null && type.field(field) != null;
  }

  /** Whether the type declares a field that must be there. */
  boolean requires(String field) {
    ApiField declared = type == null ? null : type.field(field);
    return declared != null && declared.required();
  }

  /** The shape of a field or of a map value. */
  Shape field(String name) {
    ApiField field = type == null ? null : type.field(name);
    if (field != null) {
      return of(field);
    }
    return element == null ? UNKNOWN : of(element, false);
  }

  /** The shape of list items. */
  Shape item() {
    return element == null ? UNKNOWN : of(element, false);
  }
}
