package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * Texts with a form of their own: times, quantities, bytes.
 *
 * <p>Stateless.
 */
final class ScalarForms {

  private static final Pattern QUANTITY =
      Pattern.compile(
          "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
  private static final Pattern MICRO_TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}(Z|[+-].*)");
  private static final DateTimeFormatter MICRO_FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private ScalarForms() {}

  static JsonNode quantity(JsonNode value) throws TypedCopy.TypeException {
    String text = value.asText();
    if (!QUANTITY.matcher(text).matches()) {
      throw new TypedCopy.TypeException(
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    return TextNode.valueOf(text);
  }

  /** A time with whole seconds in UTC. */
  static JsonNode time(String text) throws TypedCopy.TypeException {
    return TextNode.valueOf(
        parse(text, "2006-01-02T15:04:05Z07:00").truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** A time with exactly six digits of fraction, as leases carry it. */
  static JsonNode microTime(String text) throws TypedCopy.TypeException {
    String layout = "2006-01-02T15:04:05.000000Z07:00";
    Instant instant = parse(text, layout);
    if (!MICRO_TIME.matcher(text).matches()) {
      String rest = text.substring(Math.min(text.length(), "2006-01-02T15:04:05".length()));
      throw cannotParse(text, layout, rest, ".000000");
    }
    return TextNode.valueOf(MICRO_FORM.format(instant));
  }

  private static Instant parse(String text, String layout) throws TypedCopy.TypeException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw cannotParse(text, layout, text, "2006");
    }
  }

  private static TypedCopy.TypeException cannotParse(
      String text, String layout, String rest, String element) {
    return new TypedCopy.TypeException(
        "parsing time \""
            + text
            + "\" as \""
            + layout
            + "\": cannot parse \""
            + rest
            + "\" as \""
            + element
            + "\"");
  }

  /** The offset of the first character that is not base64, or the length. */
  static int badBase64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letter && c != '+' && c != '/') {
        return i;
      }
    }
    return text.length() / 4 * 4;
  }
}
