package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A parsed field selector such as {@code spec.nodeName=n1,status.phase!=Running}, bound to a kind.
 *
 * <p><i>Immutable.</i>
 */
public final class FieldSelector {

  private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  private final List<Term> terms;

  private FieldSelector(List<Term> terms) {
    this.terms = List.copyOf(terms);
  }

  /**
   * Parses terms separated by commas, all of which must hold; a backslash escapes comma, equals
   * sign and backslash in values.
   *
   * @param text a selector; empty selects everything
   * @param kind the kind whose fields are meant
   * @throws IllegalArgumentException when the text is no selector or names a field that the kind
   *     does not offer; the message is the one the API answers with
   */
  public static FieldSelector parse(String text, Kind kind) {
    List<Term> terms = new ArrayList<>();
    SelectableFields fields = SelectableFields.of(kind);
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(text, part, fields));
      }
    }
    return terms.isEmpty() ? EVERYTHING : new FieldSelector(terms);
  }

  /** Whether the object is selected. */
  public boolean matches(JsonNode object) {
    for (Term term : terms) {
      if (term.value().equals(term.field().apply(object)) == term.negated()) {
        return false;
      }
    }
    return true;
  }

  /** Whether everything is selected. */
  public boolean isEmpty() {
    return terms.isEmpty();
  }

  private record Term(Function<JsonNode, String> field, boolean negated, String value) {}

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    // Terms are looked at in sorted order, so that the first error is the same for any order.
    parts.sort(null);
    return parts;
  }

  private static Term term(String text, String part, SelectableFields fields) {
    for (int i = 0; i < part.length(); i++) {
      boolean negated = part.startsWith("!=", i);
      if (negated || part.charAt(i) == '=') {
        int end = negated || part.startsWith("==", i) ? i + 2 : i + 1;
        String value = unescape(part.substring(end));
        return new Term(fields.field(part.substring(0, i)), negated, value);
      }
    }
    throw new IllegalArgumentException(
        "invalid selector: '" + text + "'; can't understand '" + part + "'");
  }

  private static String unescape(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        plain.append(escaped(value, i));
      } else if (c == ',' || c == '=') {
        // The API prints the code point, not the character.
        throw new IllegalArgumentException(
            "invalid field selector: unescaped character in value: " + (int) c);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static char escaped(String value, int at) {
    if (at < value.length() && "\\,=".indexOf(value.charAt(at)) >= 0) {
      return value.charAt(at);
    }
    String sequence = at < value.length() ? "\\" + value.charAt(at) : "\\";
    throw new IllegalArgumentException(
        "invalid field selector: invalid escape sequence: " + sequence);
  }
}
