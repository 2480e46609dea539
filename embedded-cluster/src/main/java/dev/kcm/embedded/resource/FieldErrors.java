package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects what is wrong with the fields of one object, in the order it is found.
 *
 * <p>Confined to the validating thread.
 */
final class FieldErrors {

  /** One wrong field: the reason of the cause, the path, the message without the path. */
  record FieldError(String reason, String field, String message) {}

  private final List<FieldError> errors = new ArrayList<>();

  List<FieldError> all() {
    return errors;
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  void invalid(String field, JsonNode value, String detail) {
    add("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
  }

  void invalid(String field, String value, String detail) {
    invalid(field, TextNode.valueOf(value), detail);
  }

  void invalid(String field, long value, String detail) {
    add("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
  }

  void required(String field, String detail) {
    add("FieldValueRequired", field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  void forbidden(String field, String detail) {
    add("FieldValueForbidden", field, "Forbidden: " + detail);
  }

  void duplicate(String field, JsonNode value) {
    add("FieldValueDuplicate", field, "Duplicate value: " + value);
  }

  void notFound(String field, JsonNode value) {
    add("FieldValueNotFound", field, "Not found: " + value);
  }

  void tooLong(String field, int limit) {
    add("FieldValueTooLong", field, "Too long: may not be more than " + limit + " bytes");
  }

  void tooMany(String field, int count, int limit) {
    add(
        "FieldValueTooMany",
        field,
        "Too many: " + count + ": must have at most " + limit + " items");
  }

  /** A value outside a closed set, which the message lists in alphabetical order. */
  void notSupported(String field, JsonNode value, Set<String> allowed) {
    notSupported(field, value, List.copyOf(new TreeSet<>(allowed)));
  }

  /** A value outside a closed set, which the message lists in the given order. */
  void notSupported(String field, JsonNode value, List<String> allowed) {
    List<String> quoted = allowed.stream().map(a -> '"' + a + '"').toList();
    add(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + value + ": supported values: " + String.join(", ", quoted));
  }

  private void add(String reason, String field, String message) {
    errors.add(new FieldError(reason, field, message));
  }

  /** All errors in one text: equal ones once, several in brackets. */
  String summary() {
    Set<String> texts = new LinkedHashSet<>();
    errors.forEach(e -> texts.add(e.field() + ": " + e.message()));
    return texts.size() == 1 ? texts.iterator().next() : "[" + String.join(", ", texts) + "]";
  }
}
