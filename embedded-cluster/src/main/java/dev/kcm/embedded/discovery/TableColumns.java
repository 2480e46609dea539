package dev.kcm.embedded.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of each kind, read from {@code columns.tsv} beside this class.
 *
 * <p><i>Immutable.</i>
 */
final class TableColumns {

  private static final String RESOURCE = "columns.tsv";

  private final Map<String, ArrayNode> byKind = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final ArrayNode nameAndAge = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode nameAndCreation = JsonNodeFactory.instance.arrayNode();

  private TableColumns() {}

  static TableColumns read() {
    TableColumns columns = new TableColumns();
    try (InputStream in = TableColumns.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside " + TableColumns.class);
      }
      columns.readAll(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    columns.addDefaults();
    return columns;
  }

  /** Column definitions of a kind, empty when it has none of its own. */
  Optional<ArrayNode> of(String qualifiedKind) {
    return Optional.ofNullable(byKind.get(qualifiedKind));
  }

  /** Column definitions of custom kinds. */
  ArrayNode nameAndAge() {
    return nameAndAge;
  }

  /** Column definitions of built-in kinds without their own. */
  ArrayNode nameAndCreation() {
    return nameAndCreation;
  }

  private void readAll(BufferedReader lines) throws IOException {
    ArrayNode current = JsonNodeFactory.instance.arrayNode();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("[")) {
        current = JsonNodeFactory.instance.arrayNode();
        byKind.put(line.substring(1, line.length() - 1), current);
      } else if (line.startsWith("@")) {
        int tab = line.indexOf('\t');
        texts.put(line.substring(0, tab), unescape(line.substring(tab + 1)));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        addColumn(current, line.split("\t", -1));
      }
    }
  }

  private void addDefaults() {
    String[] name = {"Name", "string", "name", "0", "@name"};
    addColumn(nameAndAge, name);
    addColumn(nameAndAge, new String[] {"Age", "string", "-", "0", "@created"});
    addColumn(nameAndCreation, name);
    addColumn(nameAndCreation, new String[] {"Created At", "date", "-", "0", "@created"});
  }

  private void addColumn(ArrayNode columns, String[] parts) {
    columns
        .addObject()
        .put("name", parts[0])
        .put("type", parts[1])
        .put("format", text(parts[2]))
        .put("description", text(parts[4]))
        .put("priority", Integer.parseInt(parts[3]));
  }

  private String text(String column) {
    if (column.equals("-")) {
      return "";
    }
    return column.startsWith("@") ? texts.getOrDefault(column, column) : unescape(column);
  }

  private static String unescape(String text) {
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
  }
}
