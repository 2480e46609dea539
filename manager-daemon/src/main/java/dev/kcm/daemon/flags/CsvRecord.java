package dev.kcm.daemon.flags;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of comma-separated values; a field may stand in double quotes, with {@code ""} for a
 * quote inside.
 *
 * <p><i>Confined to the calling thread.</i>
 */
final class CsvRecord {

  private final String text;
  private final List<String> fields = new ArrayList<>();
  private int at;

  private CsvRecord(String text) {
    this.text = text;
  }

  /**
   * Splits a record; the empty text has no fields.
   *
   * @throws IllegalArgumentException naming the column if a quote is misplaced
   */
  static List<String> read(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    CsvRecord record = new CsvRecord(text);
    do {
      record.fields.add(record.startsQuoted() ? record.quoted() : record.plain());
    } while (record.skipComma());
    return List.copyOf(record.fields);
  }

  static String write(List<String> fields) {
    StringBuilder out = new StringBuilder();
    for (String field : fields) {
      out.append(out.isEmpty() ? "" : ",").append(needsQuotes(field) ? quote(field) : field);
    }
    return out.toString();
  }

  private static boolean needsQuotes(String field) {
    return field.startsWith(" ") || field.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0);
  }

  private static String quote(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  private boolean startsQuoted() {
    return at < text.length() && text.charAt(at) == '"';
  }

  private boolean skipComma() {
    return at < text.length() && text.charAt(at++) == ',';
  }

  private String plain() {
    int end = at;
    while (end < text.length() && ",\n".indexOf(text.charAt(end)) < 0) {
      if (text.charAt(end) == '"') {
        throw failure(end, "bare \" in non-quoted field");
      }
      end++;
    }
    String field = text.substring(at, end);
    at = end;
    return field;
  }

  private String quoted() {
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        break;
      }
      field.append(text, at, quote);
      at = quote + 1;
      if (!startsQuoted()) {
        return endOfQuoted(field);
      }
      field.append('"');
      at++;
    }
    throw failure(text.length(), "extraneous or missing \" in quoted-field");
  }

  private String endOfQuoted(StringBuilder field) {
    if (at < text.length() && ",\n".indexOf(text.charAt(at)) < 0) {
      throw failure(at - 1, "extraneous or missing \" in quoted-field");
    }
    return field.toString();
  }

  private static IllegalArgumentException failure(int position, String why) {
    return new IllegalArgumentException(
        "parse error on line 1, column " + (position + 1) + ": " + why);
  }
}
